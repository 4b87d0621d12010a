CREATE TABLE `lists` (
	`id` text PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`document` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`number`) REFERENCES `numbers`(`number`) ON UPDATE no action ON DELETE restrict
);
--> statement-breakpoint
CREATE TABLE `notifications` (
	`id` text PRIMARY KEY NOT NULL,
	`idempotency_key` text,
	`digest` text NOT NULL,
	`document` text NOT NULL,
	`recipients` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `notifications_key` ON `notifications` (`idempotency_key`);--> statement-breakpoint
CREATE INDEX `notifications_created` ON `notifications` (`created_at`);--> statement-breakpoint
CREATE TABLE `subscription_changes` (
	`phone` text NOT NULL,
	`number` text NOT NULL,
	`seq` integer NOT NULL,
	`list` text NOT NULL,
	`status` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`proof` text NOT NULL,
	PRIMARY KEY(`phone`, `number`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `subscriptions` (
	`list` text NOT NULL,
	`phone` text NOT NULL,
	`seq` integer NOT NULL,
	`status` text NOT NULL,
	`since` integer NOT NULL,
	`by` text NOT NULL,
	`proof` text NOT NULL,
	PRIMARY KEY(`list`, `phone`)
);
