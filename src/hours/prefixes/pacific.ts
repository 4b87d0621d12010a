/** Calling codes 60 to 699: south-east Asia, Australia and the Pacific. */
export const PACIFIC: readonly string[] = [
  "+60: Asia/Kuala_Lumpur",
  "+61: Australia/Sydney Australia/Melbourne Australia/Hobart Australia/Brisbane Australia/Adelaide Australia/Darwin Australia/Perth Australia/Eucla Australia/Lord_Howe",
  "2: Australia/Sydney",
  "255 265: Australia/Sydney Australia/Lord_Howe",
  "3: Australia/Melbourne Australia/Hobart",
  "36: Australia/Hobart",
  "7: Australia/Brisbane",
  "755 756: Australia/Brisbane Australia/Sydney", // Gold Coast, and Tweed Heads across the border
  "85 86 89: Australia/Perth",
  "851 891: Australia/Perth Indian/Christmas Indian/Cocos",
  "89162: Indian/Cocos",
  "89164: Indian/Christmas",
  "890: Australia/Perth Australia/Eucla",
  "87 88: Australia/Adelaide",
  "879 889: Australia/Darwin",
  "880: Australia/Broken_Hill Australia/Adelaide",
  "13 16 18 19: none",
  "+62: Asia/Jakarta Asia/Makassar Asia/Jayapura", // Indonesia
  "2 31 32 33 34 35 6 7: Asia/Jakarta",
  "36 37 38 4: Asia/Makassar",
  "51 52 54 55: Asia/Makassar", // Kalimantan, south and east
  "513 522 525 528: Asia/Jakarta", // Barito
  "53 56: Asia/Pontianak", // Kalimantan, west and centre
  "9: Asia/Jayapura",
  "177 800 804 807 809: none",
  "+63: Asia/Manila",
  "+64: Pacific/Auckland Pacific/Chatham", // New Zealand
  "3 4 6 7 9: Pacific/Auckland",
  "330: Pacific/Auckland Pacific/Chatham",
  "+65: Asia/Singapore",
  "+66: Asia/Bangkok",
  "+670: Asia/Dili",
  "+672: none", // Australia's bases in Antarctica
  "3 5: Pacific/Norfolk",
  "+673: Asia/Brunei",
  "+674: Pacific/Nauru",
  "+675: Pacific/Port_Moresby Pacific/Bougainville", // Papua New Guinea
  "3 4 5 6: Pacific/Port_Moresby",
  "+676: Pacific/Tongatapu",
  "+677: Pacific/Guadalcanal",
  "+678: Pacific/Efate",
  "+679: Pacific/Fiji",
  "+680: Pacific/Palau",
  "+681: Pacific/Wallis",
  "+682: Pacific/Rarotonga",
  "+683: Pacific/Niue",
  "+685: Pacific/Apia",
  "+686: Pacific/Tarawa Pacific/Kanton Pacific/Kiritimati", // Kiribati
  "+687: Pacific/Noumea",
  "+688: Pacific/Funafuti",
  "+689: Pacific/Tahiti Pacific/Marquesas Pacific/Gambier", // French Polynesia
  "+690: Pacific/Fakaofo",
  "+691: Pacific/Pohnpei Pacific/Chuuk Pacific/Kosrae", // Micronesia
  "32 92: Pacific/Pohnpei",
  "33 35 93 95: Pacific/Chuuk",
  "37 97: Pacific/Kosrae",
  "+692: Pacific/Majuro",
];
