CREATE TABLE `held_back` (
	`number` text NOT NULL,
	`day` text NOT NULL,
	`kind` text NOT NULL,
	`phone` text NOT NULL,
	`count` integer NOT NULL,
	`last_at` integer NOT NULL,
	PRIMARY KEY(`number`, `day`, `kind`, `phone`)
);
--> statement-breakpoint
ALTER TABLE `accounts` ADD `countries` text;--> statement-breakpoint
ALTER TABLE `accounts` ADD `prices` text;--> statement-breakpoint
ALTER TABLE `accounts` ADD `caps` text;--> statement-breakpoint
ALTER TABLE `numbers` ADD `rate_limit` text;--> statement-breakpoint
ALTER TABLE `numbers` ADD `loop_guard` integer;--> statement-breakpoint
ALTER TABLE `numbers` ADD `caps` text;