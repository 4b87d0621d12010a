CREATE TABLE `broadcasts` (
	`id` text PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`live` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `numbers` ADD `segments_per_second` real;