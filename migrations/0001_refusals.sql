CREATE TABLE `refusals` (
	`account` text NOT NULL,
	`reason` text NOT NULL,
	`path` text NOT NULL,
	`hint` text NOT NULL,
	`count` integer NOT NULL,
	`first_at` integer NOT NULL,
	`last_at` integer NOT NULL,
	PRIMARY KEY(`account`, `reason`, `path`, `hint`),
	FOREIGN KEY (`account`) REFERENCES `accounts`(`sid`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `accounts` ADD `webhook_username` text;--> statement-breakpoint
ALTER TABLE `accounts` ADD `webhook_password` text;