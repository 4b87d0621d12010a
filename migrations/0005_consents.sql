CREATE TABLE `consent_entries` (
	`phone` text NOT NULL,
	`entry` integer NOT NULL,
	`number` text NOT NULL,
	`scope` text NOT NULL,
	`status` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`text` text,
	PRIMARY KEY(`phone`, `entry`)
);
--> statement-breakpoint
CREATE TABLE `consents` (
	`phone` text NOT NULL,
	`scope` text NOT NULL,
	`number` text NOT NULL,
	`status` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	`entry` integer NOT NULL,
	PRIMARY KEY(`phone`, `scope`)
);
--> statement-breakpoint
ALTER TABLE `numbers` ADD `opt_out` text;