/** Calling codes 500 to 599: Latin America, and islands around it. */
export const LATIN_AMERICA: readonly string[] = [
  "+500: Atlantic/Stanley", // Falkland Islands
  "+501: America/Belize",
  "+502: America/Guatemala",
  "+503: America/El_Salvador",
  "+504: America/Tegucigalpa",
  "+505: America/Managua",
  "+506: America/Costa_Rica",
  "+507: America/Panama",
  "+508: America/Miquelon",
  "+509: America/Port-au-Prince",
  "+51: America/Lima",
  // Mexico. Before 2020 its mobile numbers had a 1 before the area code.
  "+52: America/Mexico_City America/Cancun America/Mazatlan America/Hermosillo America/Tijuana America/Chihuahua America/Ciudad_Juarez America/Matamoros America/Ojinaga",
  "2 4 5 7 81 82 83 84 9: America/Mexico_City",
  "33 34 35 37 38: America/Mexico_City",
  "312 313 314 315 316 317 318 321 322 326 328 329: America/Mexico_City",
  "311 319 323 324 325 327 389: America/Mazatlan", // Nayarit
  "618 671 674 675 676 677: America/Mexico_City", // Durango
  "612 613 624: America/Mazatlan", // Baja California Sur
  "615: America/Mazatlan America/Tijuana", // Guerrero Negro
  "667 668 669 672 673 687 694 695 696 697 698: America/Mazatlan", // Sinaloa
  "616 646 658 661 663 664 665 686: America/Tijuana", // Baja California
  "622 623 631 632 633 634 637 638 641 642 643 644 645 647 651 662: America/Hermosillo", // Sonora
  "653: America/Hermosillo America/Tijuana", // San Luis Río Colorado
  "614 621 625 627 628 629 635 639 648 649 652 659: America/Chihuahua",
  "636: America/Chihuahua America/Ciudad_Juarez", // Nuevo Casas Grandes, Janos
  "656: America/Ciudad_Juarez",
  "657: America/Ciudad_Juarez America/Chihuahua",
  "626: America/Chihuahua America/Ojinaga",
  "861 862 873 892: America/Mexico_City America/Matamoros", // near the border
  "864 866 869 87: America/Mexico_City",
  "867 868 877 878 891 894 897 899: America/Matamoros", // at the border
  "983 984 987 998: America/Cancun", // Quintana Roo
  "+53: America/Havana",
  "+54: America/Argentina/Buenos_Aires",
  "+55: America/Sao_Paulo America/Bahia America/Fortaleza America/Recife America/Belem America/Noronha America/Manaus America/Cuiaba America/Rio_Branco", // Brazil
  "1 2 3 4 5 61 62 64: America/Sao_Paulo",
  "63: America/Araguaina", // Tocantins
  "65 66: America/Cuiaba", // Mato Grosso
  "67: America/Campo_Grande", // Mato Grosso do Sul
  "68: America/Rio_Branco", // Acre
  "69: America/Porto_Velho", // Rondônia
  "71 73 74 75 77: America/Bahia",
  "79 82: America/Maceio", // Sergipe, Alagoas
  "81: America/Recife America/Noronha", // Pernambuco
  "87: America/Recife",
  "83 84 85 86 88 89 98 99: America/Fortaleza",
  "91 93 94 96: America/Belem", // Pará, Amapá
  "92: America/Manaus",
  "97: America/Manaus America/Eirunepe", // Amazonas, west
  "95: America/Boa_Vista", // Roraima
  "300 400 500 800 900: none",
  "+56: America/Santiago America/Punta_Arenas Pacific/Easter", // Chile
  "2 3 4 5: America/Santiago",
  "32210 32255: America/Santiago Pacific/Easter",
  "61: America/Punta_Arenas", // Magallanes
  "63 64 65: America/Santiago",
  "67: America/Coyhaique", // Aysén
  "7: America/Santiago",
  "+57: America/Bogota",
  "+58: America/Caracas",
  "+590: America/Guadeloupe", // and Saint Martin, Saint Barthélemy
  "+591: America/La_Paz",
  "+592: America/Guyana",
  "+593: America/Guayaquil Pacific/Galapagos", // Ecuador
  "2 3 4 6 7: America/Guayaquil",
  "+594: America/Cayenne",
  "+595: America/Asuncion",
  "+596: America/Martinique",
  "+597: America/Paramaribo",
  "+598: America/Montevideo",
  "+599: America/Curacao", // and Bonaire, Saba, Sint Eustatius, whose clocks are the same
];
