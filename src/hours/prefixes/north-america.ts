/**
 * The North American Numbering Plan, by area code. An area code that lies in two zones has both, and so has each of
 * its overlays. Codes without a place, such as 500, 800 and 900, are not listed.
 */
export const NORTH_AMERICA: readonly string[] = [
  "+1: none",
  // The United States
  "205 251 256 334 659 938: America/Chicago", // Alabama
  "907: America/Anchorage America/Adak", // Alaska
  "480 520 602 623: America/Phoenix", // Arizona
  "928: America/Phoenix America/Denver", // Arizona
  "327 479 501 870: America/Chicago", // Arkansas
  "209 213 279 310 323 341 350 369 408 415 424 442 510 530 559 562: America/Los_Angeles", // California
  "619 626 628 650 657 661 669 707 714 738 747 760 805 818 820 831: America/Los_Angeles", // California
  "840 858 909 916 925 949 951: America/Los_Angeles", // California
  "303 719 720 748 970 983: America/Denver", // Colorado
  "203 475 860 959: America/New_York", // Connecticut
  "302: America/New_York", // Delaware
  "202 771: America/New_York", // District of Columbia
  "239 305 321 324 352 386 407 561 645 656 689 727 728 754 772 786: America/New_York", // Florida
  "813 863 904 941 954: America/New_York", // Florida
  "448 850: America/New_York America/Chicago", // Florida
  "229 404 470 478 678 706 762 770 912 943: America/New_York", // Georgia
  "808: Pacific/Honolulu", // Hawaii
  "208 986: America/Boise America/Los_Angeles", // Idaho
  "217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 872: America/Chicago", // Illinois
  "219 574 812 930: America/Indiana/Indianapolis America/Chicago", // Indiana
  "260 317 463 765: America/Indiana/Indianapolis", // Indiana
  "319 515 563 641 712: America/Chicago", // Iowa
  "316 913: America/Chicago", // Kansas
  "620 785: America/Chicago America/Denver", // Kansas
  "270 364 606: America/Kentucky/Louisville America/Chicago", // Kentucky
  "502 859: America/Kentucky/Louisville", // Kentucky
  "225 318 337 504 985: America/Chicago", // Louisiana
  "207: America/New_York", // Maine
  "227 240 301 410 443 667: America/New_York", // Maryland
  "339 351 413 508 617 774 781 857 978: America/New_York", // Massachusetts
  "231 248 269 313 517 586 616 734 810 947 989: America/Detroit", // Michigan
  "906: America/Detroit America/Menominee", // Michigan
  "218 320 507 612 651 763 952: America/Chicago", // Minnesota
  "228 601 662 769: America/Chicago", // Mississippi
  "235 314 417 557 573 636 660 816 975: America/Chicago", // Missouri
  "406: America/Denver", // Montana
  "402 531: America/Chicago", // Nebraska
  "308: America/Chicago America/Denver", // Nebraska
  "702 725: America/Los_Angeles", // Nevada
  "775: America/Los_Angeles America/Denver", // Nevada
  "603: America/New_York", // New Hampshire
  "201 551 609 640 732 848 856 862 908 973: America/New_York", // New Jersey
  "505 575: America/Denver", // New Mexico
  "212 315 329 332 347 363 516 518 585 607 631 646 680 716 718 838: America/New_York", // New York
  "845 914 917 929 934: America/New_York", // New York
  "252 336 472 704 743 828 910 919 980 984: America/New_York", // North Carolina
  "701: America/Chicago America/Denver", // North Dakota
  "216 220 234 283 326 330 380 419 440 513 567 614 740 937: America/New_York", // Ohio
  "405 539 572 580 918: America/Chicago", // Oklahoma
  "458 541: America/Los_Angeles America/Boise", // Oregon
  "503 971: America/Los_Angeles", // Oregon
  "215 223 267 272 412 445 484 570 582 610 717 724 814 835 878: America/New_York", // Pennsylvania
  "401: America/New_York", // Rhode Island
  "803 821 839 843 854 864: America/New_York", // South Carolina
  "605: America/Chicago America/Denver", // South Dakota
  "615 629 731 901 931: America/Chicago", // Tennessee
  "423: America/New_York America/Chicago", // Tennessee
  "865: America/New_York", // Tennessee
  "210 214 254 281 325 346 361 409 430 432 469 512 682 713 726 737: America/Chicago", // Texas
  "806 817 830 832 903 936 940 945 956 972 979: America/Chicago", // Texas
  "915: America/Denver", // Texas
  "385 435 801: America/Denver", // Utah
  "802: America/New_York", // Vermont
  "276 434 540 571 686 703 757 804 826 948: America/New_York", // Virginia
  "206 253 360 425 509 564: America/Los_Angeles", // Washington
  "304 681: America/New_York", // West Virginia
  "262 274 353 414 534 608 715 920: America/Chicago", // Wisconsin
  "307: America/Denver", // Wyoming
  // Canada
  "368 403 587 780 825: America/Edmonton", // Alberta
  "204 431 584: America/Winnipeg", // Manitoba
  "428 506: America/Moncton", // New Brunswick
  "709 879: America/St_Johns America/Goose_Bay", // Newfoundland and Labrador
  "782 902: America/Halifax", // Nova Scotia/Prince Edward Island
  "226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753: America/Toronto", // Ontario
  "905 942: America/Toronto", // Ontario
  "807: America/Toronto America/Winnipeg America/Atikokan", // Ontario, north-west
  "263 354 438 450 468 514 579 819 873: America/Toronto", // Quebec
  "273 367 418 581: America/Toronto America/Halifax America/Blanc-Sablon", // Quebec, east: the Magdalen Islands, the Lower North Shore
  "306 474 639: America/Regina America/Edmonton", // Saskatchewan
  "604: America/Vancouver", // British Columbia, south-west
  "236 250 257 672 778: America/Vancouver America/Edmonton America/Fort_Nelson", // British Columbia
  "867: America/Whitehorse America/Edmonton America/Rankin_Inlet America/Iqaluit America/Coral_Harbour", // Yukon, Northwest Territories, Nunavut
  // The Caribbean, Bermuda, and islands of the Pacific
  "242: America/Nassau", // Bahamas
  "246: America/Barbados",
  "264: America/Anguilla",
  "268: America/Antigua",
  "284: America/Tortola", // British Virgin Islands
  "340: America/St_Thomas", // US Virgin Islands
  "345: America/Cayman",
  "441: Atlantic/Bermuda",
  "473: America/Grenada",
  "649: America/Grand_Turk", // Turks and Caicos Islands
  "658 876: America/Jamaica",
  "664: America/Montserrat",
  "670: Pacific/Saipan", // Northern Mariana Islands
  "671: Pacific/Guam",
  "684: Pacific/Pago_Pago", // American Samoa
  "721: America/Lower_Princes", // Sint Maarten
  "758: America/St_Lucia",
  "767: America/Dominica",
  "784: America/St_Vincent",
  "787 939: America/Puerto_Rico",
  "809 829 849: America/Santo_Domingo", // Dominican Republic
  "868: America/Port_of_Spain", // Trinidad and Tobago
  "869: America/St_Kitts",
];
