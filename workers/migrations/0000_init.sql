CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`handle` text NOT NULL,
	`display_name` text NOT NULL,
	`tier` text DEFAULT 'free' NOT NULL,
	`roles` text DEFAULT '[]' NOT NULL,
	`demo` integer DEFAULT false NOT NULL,
	`suspended_at` text,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_handle` ON `accounts` (`handle`);--> statement-breakpoint
CREATE TABLE `challenges` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`challenge` text NOT NULL,
	`account_id` text,
	`handle` text,
	`display_name` text,
	`expires_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `clips` (
	`id` text PRIMARY KEY NOT NULL,
	`owner_id` text NOT NULL,
	`co_owner_ids` text NOT NULL,
	`status` text NOT NULL,
	`visibility` text NOT NULL,
	`caption` text NOT NULL,
	`prompt` text NOT NULL,
	`show_prompt` integer NOT NULL,
	`summary` text NOT NULL,
	`engine` text NOT NULL,
	`size` text NOT NULL,
	`duration_ms` integer NOT NULL,
	`has_captions` integer NOT NULL,
	`color` text NOT NULL,
	`locked` integer NOT NULL,
	`parent_id` text,
	`parent_handle` text,
	`root_id` text NOT NULL,
	`depth` integer NOT NULL,
	`keys` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`published_at` text
);
--> statement-breakpoint
CREATE INDEX `clips_owner` ON `clips` (`owner_id`,`status`,`created_at`);--> statement-breakpoint
CREATE INDEX `clips_parent` ON `clips` (`parent_id`,`status`);--> statement-breakpoint
CREATE INDEX `clips_published` ON `clips` (`status`,`visibility`,`published_at`);--> statement-breakpoint
CREATE TABLE `comments` (
	`id` text PRIMARY KEY NOT NULL,
	`clip_id` text NOT NULL,
	`author_id` text NOT NULL,
	`text` text NOT NULL,
	`created_at` text NOT NULL,
	`deleted_at` text
);
--> statement-breakpoint
CREATE INDEX `comments_clip` ON `comments` (`clip_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `follows` (
	`follower_id` text NOT NULL,
	`followed_id` text NOT NULL,
	`created_at` text NOT NULL,
	PRIMARY KEY(`follower_id`, `followed_id`)
);
--> statement-breakpoint
CREATE INDEX `follows_followed` ON `follows` (`followed_id`);--> statement-breakpoint
CREATE TABLE `generations` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`status` text NOT NULL,
	`record` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `generations_account` ON `generations` (`account_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `likes` (
	`clip_id` text NOT NULL,
	`account_id` text NOT NULL,
	`created_at` text NOT NULL,
	PRIMARY KEY(`clip_id`, `account_id`)
);
--> statement-breakpoint
CREATE INDEX `likes_account` ON `likes` (`account_id`);--> statement-breakpoint
CREATE TABLE `passkeys` (
	`credential_id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`public_key` text NOT NULL,
	`counter` integer NOT NULL,
	`transports` text DEFAULT '[]' NOT NULL,
	`created_at` text NOT NULL,
	`last_used_at` text,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `passkeys_account` ON `passkeys` (`account_id`);--> statement-breakpoint
CREATE TABLE `reports` (
	`id` text PRIMARY KEY NOT NULL,
	`clip_id` text NOT NULL,
	`reporter_id` text,
	`reason` text NOT NULL,
	`details` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `reports_clip` ON `reports` (`clip_id`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`created_at` text NOT NULL,
	`expires_at` text NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sessions_account` ON `sessions` (`account_id`);