CREATE TABLE `broadcasts` (
	`id` text PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`live` integer NOT NULL,
	`created_at` integer NOT NULL
);
