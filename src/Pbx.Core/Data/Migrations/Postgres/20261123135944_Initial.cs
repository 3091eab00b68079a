using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Pbx.Core.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "api_tokens",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false),
                    hash = table.Column<string>(type: "text", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_tokens", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "call_records",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    started_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    answered_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    direction = table.Column<int>(type: "integer", nullable: false),
                    outcome = table.Column<int>(type: "integer", nullable: false),
                    running = table.Column<bool>(type: "boolean", nullable: false),
                    caller = table.Column<string>(type: "text", nullable: false),
                    caller_name = table.Column<string>(type: "text", nullable: false),
                    called = table.Column<string>(type: "text", nullable: false),
                    site = table.Column<string>(type: "text", nullable: true),
                    answered_by = table.Column<string>(type: "text", nullable: true),
                    search_text = table.Column<string>(type: "text", nullable: false),
                    journey = table.Column<string>(type: "text", nullable: false),
                    quality = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_call_records", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "config_changes",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    revision = table.Column<long>(type: "bigint", nullable: false),
                    @object = table.Column<string>(name: "object", type: "text", nullable: false),
                    actor = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    before = table.Column<string>(type: "text", nullable: true),
                    after = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_config_changes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "config_revision",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_config_revision", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "mail_jobs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    message = table.Column<Guid>(type: "uuid", nullable: false),
                    mailbox = table.Column<string>(type: "text", nullable: false),
                    recipient = table.Column<string>(type: "text", nullable: false),
                    internet_message_id = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    next_attempt_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    give_up_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    sent_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    last_reply = table.Column<string>(type: "text", nullable: false),
                    content = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mail_jobs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "messages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    mailbox = table.Column<string>(type: "text", nullable: false),
                    call = table.Column<Guid>(type: "uuid", nullable: false),
                    caller = table.Column<string>(type: "text", nullable: false),
                    caller_name = table.Column<string>(type: "text", nullable: false),
                    received_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    milliseconds = table.Column<int>(type: "integer", nullable: false),
                    heard = table.Column<bool>(type: "boolean", nullable: false),
                    deleted_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_messages", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "outbound_rules",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    pattern = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbound_rules", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "prompts",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: true),
                    spoken = table.Column<bool>(type: "boolean", nullable: false),
                    audio = table.Column<string>(type: "text", nullable: true),
                    duration_milliseconds = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_prompts", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "roles",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    normalized_name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    concurrency_stamp = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_roles", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "targets",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_targets", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "mail_attempts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    job = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<int>(type: "integer", nullable: false),
                    reply = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mail_attempts", x => x.id);
                    table.ForeignKey(
                        name: "fk_mail_attempts_mail_jobs_job",
                        column: x => x.job,
                        principalTable: "mail_jobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "settings",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    company_name = table.Column<string>(type: "text", nullable: false),
                    mail_host = table.Column<string>(type: "text", nullable: true),
                    mail_port = table.Column<int>(type: "integer", nullable: false),
                    mail_security = table.Column<string>(type: "text", nullable: false),
                    mail_user_name = table.Column<string>(type: "text", nullable: true),
                    mail_password_encrypted = table.Column<string>(type: "text", nullable: true),
                    mail_from = table.Column<string>(type: "text", nullable: false),
                    speech_command = table.Column<string>(type: "text", nullable: false),
                    emergency_numbers = table.Column<string>(type: "text", nullable: false),
                    music = table.Column<string>(type: "text", nullable: true),
                    min_expires_seconds = table.Column<int>(type: "integer", nullable: false),
                    max_expires_seconds = table.Column<int>(type: "integer", nullable: false),
                    max_contacts = table.Column<int>(type: "integer", nullable: false),
                    drain_seconds = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_settings", x => x.key);
                    table.ForeignKey(
                        name: "fk_settings_prompts_music",
                        column: x => x.music,
                        principalTable: "prompts",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "role_claims",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    role_id = table.Column<Guid>(type: "uuid", nullable: false),
                    claim_type = table.Column<string>(type: "text", nullable: true),
                    claim_value = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_role_claims", x => x.id);
                    table.ForeignKey(
                        name: "fk_role_claims_roles_role_id",
                        column: x => x.role_id,
                        principalTable: "roles",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sites",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    time_zone = table.Column<string>(type: "text", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    country = table.Column<string>(type: "text", nullable: false),
                    standard_number = table.Column<string>(type: "text", nullable: true),
                    public_holidays = table.Column<string>(type: "text", nullable: false),
                    on_holiday = table.Column<string>(type: "text", nullable: true),
                    closure_prompt = table.Column<string>(type: "text", nullable: true),
                    closure_mailbox = table.Column<string>(type: "text", nullable: true),
                    default_destination = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sites", x => x.key);
                    table.ForeignKey(
                        name: "fk_sites_prompts_closure_prompt",
                        column: x => x.closure_prompt,
                        principalTable: "prompts",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_sites_targets_closure_mailbox",
                        column: x => x.closure_mailbox,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_sites_targets_default_destination",
                        column: x => x.default_destination,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_sites_targets_on_holiday",
                        column: x => x.on_holiday,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "dial_codes",
                columns: table => new
                {
                    settings = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    function = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_dial_codes", x => new { x.settings, x.position });
                    table.ForeignKey(
                        name: "fk_dial_codes_settings_settings",
                        column: x => x.settings,
                        principalTable: "settings",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "announcements",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    prompt = table.Column<string>(type: "text", nullable: false),
                    skip_key = table.Column<string>(type: "text", nullable: true),
                    next = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    target = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<string>(type: "text", nullable: true),
                    site = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_announcements", x => x.key);
                    table.ForeignKey(
                        name: "fk_announcements_prompts_prompt",
                        column: x => x.prompt,
                        principalTable: "prompts",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_announcements_sites_site",
                        column: x => x.site,
                        principalTable: "sites",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_announcements_targets_next",
                        column: x => x.next,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_announcements_targets_target",
                        column: x => x.target,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "closure_switches",
                columns: table => new
                {
                    site = table.Column<string>(type: "text", nullable: false),
                    on = table.Column<bool>(type: "boolean", nullable: false),
                    until = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    changed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    changed_by = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_closure_switches", x => x.site);
                    table.ForeignKey(
                        name: "fk_closure_switches_sites_site",
                        column: x => x.site,
                        principalTable: "sites",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ivr_menus",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    prompt = table.Column<string>(type: "text", nullable: false),
                    dial_numbers = table.Column<bool>(type: "boolean", nullable: false),
                    timeout_seconds = table.Column<int>(type: "integer", nullable: false),
                    repeats = table.Column<int>(type: "integer", nullable: false),
                    on_timeout = table.Column<string>(type: "text", nullable: false),
                    max_invalid = table.Column<int>(type: "integer", nullable: false),
                    invalid_prompt = table.Column<string>(type: "text", nullable: true),
                    on_invalid = table.Column<string>(type: "text", nullable: false),
                    inter_digit_seconds = table.Column<int>(type: "integer", nullable: false),
                    closed_route = table.Column<string>(type: "text", nullable: true),
                    break_route = table.Column<string>(type: "text", nullable: true),
                    holiday_route = table.Column<string>(type: "text", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    target = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<string>(type: "text", nullable: true),
                    site = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ivr_menus", x => x.key);
                    table.ForeignKey(
                        name: "fk_ivr_menus_prompts_invalid_prompt",
                        column: x => x.invalid_prompt,
                        principalTable: "prompts",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_ivr_menus_prompts_prompt",
                        column: x => x.prompt,
                        principalTable: "prompts",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_ivr_menus_sites_site",
                        column: x => x.site,
                        principalTable: "sites",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_ivr_menus_targets_break_route",
                        column: x => x.break_route,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_ivr_menus_targets_closed_route",
                        column: x => x.closed_route,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_ivr_menus_targets_holiday_route",
                        column: x => x.holiday_route,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_ivr_menus_targets_on_invalid",
                        column: x => x.on_invalid,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_ivr_menus_targets_on_timeout",
                        column: x => x.on_timeout,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_ivr_menus_targets_target",
                        column: x => x.target,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "mailboxes",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    greeting = table.Column<string>(type: "text", nullable: true),
                    pin_encrypted = table.Column<string>(type: "text", nullable: true),
                    min_seconds = table.Column<int>(type: "integer", nullable: false),
                    max_seconds = table.Column<int>(type: "integer", nullable: false),
                    silence_seconds = table.Column<int>(type: "integer", nullable: false),
                    max_messages = table.Column<int>(type: "integer", nullable: false),
                    mail_addresses = table.Column<string>(type: "text", nullable: false),
                    attachment = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    target = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<string>(type: "text", nullable: true),
                    site = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mailboxes", x => x.key);
                    table.ForeignKey(
                        name: "fk_mailboxes_prompts_greeting",
                        column: x => x.greeting,
                        principalTable: "prompts",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_mailboxes_sites_site",
                        column: x => x.site,
                        principalTable: "sites",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_mailboxes_targets_target",
                        column: x => x.target,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "outbound_rule_sites",
                columns: table => new
                {
                    rule = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    site = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbound_rule_sites", x => new { x.rule, x.position });
                    table.ForeignKey(
                        name: "fk_outbound_rule_sites_outbound_rules_rule",
                        column: x => x.rule,
                        principalTable: "outbound_rules",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_outbound_rule_sites_sites_site",
                        column: x => x.site,
                        principalTable: "sites",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "queues",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    strategy = table.Column<string>(type: "text", nullable: false),
                    ring_seconds = table.Column<int>(type: "integer", nullable: false),
                    max_wait_seconds = table.Column<int>(type: "integer", nullable: false),
                    retry_seconds = table.Column<int>(type: "integer", nullable: false),
                    wrap_up_seconds = table.Column<int>(type: "integer", nullable: false),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    max_callers = table.Column<int>(type: "integer", nullable: false),
                    wait_without_agents = table.Column<bool>(type: "boolean", nullable: false),
                    intro_prompt = table.Column<string>(type: "text", nullable: true),
                    waiting_prompt = table.Column<string>(type: "text", nullable: true),
                    waiting_every_seconds = table.Column<int>(type: "integer", nullable: false),
                    music = table.Column<string>(type: "text", nullable: true),
                    exit_key = table.Column<string>(type: "text", nullable: true),
                    on_exit = table.Column<string>(type: "text", nullable: true),
                    on_no_answer = table.Column<string>(type: "text", nullable: false),
                    closed_route = table.Column<string>(type: "text", nullable: true),
                    break_route = table.Column<string>(type: "text", nullable: true),
                    holiday_route = table.Column<string>(type: "text", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    target = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<string>(type: "text", nullable: true),
                    site = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_queues", x => x.key);
                    table.ForeignKey(
                        name: "fk_queues_prompts_intro_prompt",
                        column: x => x.intro_prompt,
                        principalTable: "prompts",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_queues_prompts_music",
                        column: x => x.music,
                        principalTable: "prompts",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_queues_prompts_waiting_prompt",
                        column: x => x.waiting_prompt,
                        principalTable: "prompts",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_queues_sites_site",
                        column: x => x.site,
                        principalTable: "sites",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_queues_targets_break_route",
                        column: x => x.break_route,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_queues_targets_closed_route",
                        column: x => x.closed_route,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_queues_targets_holiday_route",
                        column: x => x.holiday_route,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_queues_targets_on_exit",
                        column: x => x.on_exit,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_queues_targets_on_no_answer",
                        column: x => x.on_no_answer,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_queues_targets_target",
                        column: x => x.target,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ring_groups",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    mode = table.Column<string>(type: "text", nullable: false),
                    ring_seconds = table.Column<int>(type: "integer", nullable: false),
                    on_no_answer = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    target = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<string>(type: "text", nullable: true),
                    site = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ring_groups", x => x.key);
                    table.ForeignKey(
                        name: "fk_ring_groups_sites_site",
                        column: x => x.site,
                        principalTable: "sites",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_ring_groups_targets_on_no_answer",
                        column: x => x.on_no_answer,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_ring_groups_targets_target",
                        column: x => x.target,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "site_holidays",
                columns: table => new
                {
                    site = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    date = table.Column<DateOnly>(type: "date", nullable: false),
                    last_date = table.Column<DateOnly>(type: "date", nullable: true),
                    every_year = table.Column<bool>(type: "boolean", nullable: false),
                    start = table.Column<TimeOnly>(type: "time without time zone", nullable: true),
                    end = table.Column<TimeOnly>(type: "time without time zone", nullable: true),
                    destination = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_site_holidays", x => new { x.site, x.position });
                    table.ForeignKey(
                        name: "fk_site_holidays_sites_site",
                        column: x => x.site,
                        principalTable: "sites",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_site_holidays_targets_destination",
                        column: x => x.destination,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "site_office_hours",
                columns: table => new
                {
                    site = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    day = table.Column<string>(type: "text", nullable: false),
                    start = table.Column<TimeOnly>(type: "time without time zone", nullable: false),
                    end = table.Column<TimeOnly>(type: "time without time zone", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_site_office_hours", x => new { x.site, x.position });
                    table.ForeignKey(
                        name: "fk_site_office_hours_sites_site",
                        column: x => x.site,
                        principalTable: "sites",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "trunks",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    site = table.Column<string>(type: "text", nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    registers = table.Column<bool>(type: "boolean", nullable: false),
                    host = table.Column<string>(type: "text", nullable: false),
                    port = table.Column<int>(type: "integer", nullable: true),
                    transport = table.Column<string>(type: "text", nullable: false),
                    domain = table.Column<string>(type: "text", nullable: true),
                    user_name = table.Column<string>(type: "text", nullable: true),
                    authentication_name = table.Column<string>(type: "text", nullable: true),
                    password_encrypted = table.Column<string>(type: "text", nullable: true),
                    expires_seconds = table.Column<int>(type: "integer", nullable: false),
                    source_addresses = table.Column<string>(type: "text", nullable: false),
                    country = table.Column<string>(type: "text", nullable: false),
                    presented_number = table.Column<string>(type: "text", nullable: true),
                    default_destination = table.Column<string>(type: "text", nullable: false),
                    max_calls = table.Column<int>(type: "integer", nullable: false),
                    qualify_seconds = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_trunks", x => x.key);
                    table.ForeignKey(
                        name: "fk_trunks_sites_site",
                        column: x => x.site,
                        principalTable: "sites",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_trunks_targets_default_destination",
                        column: x => x.default_destination,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ivr_keys",
                columns: table => new
                {
                    menu = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    digits = table.Column<string>(type: "text", nullable: false),
                    destination = table.Column<string>(type: "text", nullable: false),
                    label = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ivr_keys", x => new { x.menu, x.position });
                    table.ForeignKey(
                        name: "fk_ivr_keys_ivr_menus_menu",
                        column: x => x.menu,
                        principalTable: "ivr_menus",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_ivr_keys_targets_destination",
                        column: x => x.destination,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "extensions",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    email = table.Column<string>(type: "text", nullable: true),
                    ring_seconds = table.Column<int>(type: "integer", nullable: false),
                    do_not_disturb = table.Column<bool>(type: "boolean", nullable: false),
                    mailbox = table.Column<string>(type: "text", nullable: true),
                    on_busy = table.Column<string>(type: "text", nullable: true),
                    on_no_answer = table.Column<string>(type: "text", nullable: true),
                    on_not_registered = table.Column<string>(type: "text", nullable: true),
                    on_do_not_disturb = table.Column<string>(type: "text", nullable: true),
                    follows_office_hours = table.Column<bool>(type: "boolean", nullable: false),
                    closed_route = table.Column<string>(type: "text", nullable: true),
                    break_route = table.Column<string>(type: "text", nullable: true),
                    holiday_route = table.Column<string>(type: "text", nullable: true),
                    presented_number = table.Column<string>(type: "text", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    target = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<string>(type: "text", nullable: true),
                    site = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_extensions", x => x.key);
                    table.ForeignKey(
                        name: "fk_extensions_mailboxes_mailbox",
                        column: x => x.mailbox,
                        principalTable: "mailboxes",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_extensions_sites_site",
                        column: x => x.site,
                        principalTable: "sites",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_extensions_targets_break_route",
                        column: x => x.break_route,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_extensions_targets_closed_route",
                        column: x => x.closed_route,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_extensions_targets_holiday_route",
                        column: x => x.holiday_route,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_extensions_targets_on_busy",
                        column: x => x.on_busy,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_extensions_targets_on_do_not_disturb",
                        column: x => x.on_do_not_disturb,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_extensions_targets_on_no_answer",
                        column: x => x.on_no_answer,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_extensions_targets_on_not_registered",
                        column: x => x.on_not_registered,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_extensions_targets_target",
                        column: x => x.target,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "mailbox_queues",
                columns: table => new
                {
                    mailbox = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    queue = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mailbox_queues", x => new { x.mailbox, x.position });
                    table.ForeignKey(
                        name: "fk_mailbox_queues_mailboxes_mailbox",
                        column: x => x.mailbox,
                        principalTable: "mailboxes",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_mailbox_queues_queues_queue",
                        column: x => x.queue,
                        principalTable: "queues",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "emergency_trunks",
                columns: table => new
                {
                    settings = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    trunk = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_emergency_trunks", x => new { x.settings, x.position });
                    table.ForeignKey(
                        name: "fk_emergency_trunks_settings_settings",
                        column: x => x.settings,
                        principalTable: "settings",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_emergency_trunks_trunks_trunk",
                        column: x => x.trunk,
                        principalTable: "trunks",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "inbound_rules",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    site = table.Column<string>(type: "text", nullable: false),
                    called = table.Column<string>(type: "text", nullable: false),
                    caller = table.Column<string>(type: "text", nullable: true),
                    trunk = table.Column<string>(type: "text", nullable: true),
                    open_route = table.Column<string>(type: "text", nullable: false),
                    closed_route = table.Column<string>(type: "text", nullable: true),
                    break_route = table.Column<string>(type: "text", nullable: true),
                    holiday_route = table.Column<string>(type: "text", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_inbound_rules", x => x.key);
                    table.ForeignKey(
                        name: "fk_inbound_rules_sites_site",
                        column: x => x.site,
                        principalTable: "sites",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_inbound_rules_targets_break_route",
                        column: x => x.break_route,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_inbound_rules_targets_closed_route",
                        column: x => x.closed_route,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_inbound_rules_targets_holiday_route",
                        column: x => x.holiday_route,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_inbound_rules_targets_open_route",
                        column: x => x.open_route,
                        principalTable: "targets",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_inbound_rules_trunks_trunk",
                        column: x => x.trunk,
                        principalTable: "trunks",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "outbound_rule_steps",
                columns: table => new
                {
                    rule = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    trunk = table.Column<string>(type: "text", nullable: false),
                    strip = table.Column<int>(type: "integer", nullable: false),
                    prepend = table.Column<string>(type: "text", nullable: false),
                    presented_number = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbound_rule_steps", x => new { x.rule, x.position });
                    table.ForeignKey(
                        name: "fk_outbound_rule_steps_outbound_rules_rule",
                        column: x => x.rule,
                        principalTable: "outbound_rules",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_outbound_rule_steps_trunks_trunk",
                        column: x => x.trunk,
                        principalTable: "trunks",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "trunk_numbers",
                columns: table => new
                {
                    trunk = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_trunk_numbers", x => new { x.trunk, x.position });
                    table.ForeignKey(
                        name: "fk_trunk_numbers_trunks_trunk",
                        column: x => x.trunk,
                        principalTable: "trunks",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "agent_logins",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    extension = table.Column<string>(type: "text", nullable: false),
                    queue = table.Column<string>(type: "text", nullable: true),
                    logged_in = table.Column<bool>(type: "boolean", nullable: false),
                    changed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_logins", x => x.key);
                    table.ForeignKey(
                        name: "fk_agent_logins_extensions_extension",
                        column: x => x.extension,
                        principalTable: "extensions",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_agent_logins_queues_queue",
                        column: x => x.queue,
                        principalTable: "queues",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "devices",
                columns: table => new
                {
                    extension = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    user_name = table.Column<string>(type: "text", nullable: false),
                    password_encrypted = table.Column<string>(type: "text", nullable: true),
                    digest = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_devices", x => new { x.extension, x.position });
                    table.ForeignKey(
                        name: "fk_devices_extensions_extension",
                        column: x => x.extension,
                        principalTable: "extensions",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "mailbox_extensions",
                columns: table => new
                {
                    mailbox = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    extension = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mailbox_extensions", x => new { x.mailbox, x.position });
                    table.ForeignKey(
                        name: "fk_mailbox_extensions_extensions_extension",
                        column: x => x.extension,
                        principalTable: "extensions",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_mailbox_extensions_mailboxes_mailbox",
                        column: x => x.mailbox,
                        principalTable: "mailboxes",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "outbound_rule_extensions",
                columns: table => new
                {
                    rule = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    extension = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbound_rule_extensions", x => new { x.rule, x.position });
                    table.ForeignKey(
                        name: "fk_outbound_rule_extensions_extensions_extension",
                        column: x => x.extension,
                        principalTable: "extensions",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_outbound_rule_extensions_outbound_rules_rule",
                        column: x => x.rule,
                        principalTable: "outbound_rules",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "queue_agents",
                columns: table => new
                {
                    queue = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    extension = table.Column<string>(type: "text", nullable: false),
                    tier = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_queue_agents", x => new { x.queue, x.position });
                    table.ForeignKey(
                        name: "fk_queue_agents_extensions_extension",
                        column: x => x.extension,
                        principalTable: "extensions",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_queue_agents_queues_queue",
                        column: x => x.queue,
                        principalTable: "queues",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ring_group_members",
                columns: table => new
                {
                    ring_group = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    extension = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ring_group_members", x => new { x.ring_group, x.position });
                    table.ForeignKey(
                        name: "fk_ring_group_members_extensions_extension",
                        column: x => x.extension,
                        principalTable: "extensions",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_ring_group_members_ring_groups_ring_group",
                        column: x => x.ring_group,
                        principalTable: "ring_groups",
                        principalColumn: "key",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "users",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    display_name = table.Column<string>(type: "text", nullable: false),
                    language = table.Column<string>(type: "text", nullable: true),
                    theme = table.Column<string>(type: "text", nullable: true),
                    extension = table.Column<string>(type: "text", nullable: true),
                    disabled = table.Column<bool>(type: "boolean", nullable: false),
                    must_change_password = table.Column<bool>(type: "boolean", nullable: false),
                    user_name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    normalized_user_name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    normalized_email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    email_confirmed = table.Column<bool>(type: "boolean", nullable: false),
                    password_hash = table.Column<string>(type: "text", nullable: true),
                    security_stamp = table.Column<string>(type: "text", nullable: true),
                    concurrency_stamp = table.Column<string>(type: "text", nullable: true),
                    phone_number = table.Column<string>(type: "text", nullable: true),
                    phone_number_confirmed = table.Column<bool>(type: "boolean", nullable: false),
                    two_factor_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    lockout_end = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    lockout_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    access_failed_count = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_users", x => x.id);
                    table.ForeignKey(
                        name: "fk_users_extensions_extension",
                        column: x => x.extension,
                        principalTable: "extensions",
                        principalColumn: "key",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "user_claims",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    claim_type = table.Column<string>(type: "text", nullable: true),
                    claim_value = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_user_claims", x => x.id);
                    table.ForeignKey(
                        name: "fk_user_claims_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_logins",
                columns: table => new
                {
                    login_provider = table.Column<string>(type: "text", nullable: false),
                    provider_key = table.Column<string>(type: "text", nullable: false),
                    provider_display_name = table.Column<string>(type: "text", nullable: true),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_user_logins", x => new { x.login_provider, x.provider_key });
                    table.ForeignKey(
                        name: "fk_user_logins_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_passkeys",
                columns: table => new
                {
                    credential_id = table.Column<byte[]>(type: "bytea", maxLength: 1024, nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    data = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_user_passkeys", x => x.credential_id);
                    table.ForeignKey(
                        name: "fk_user_passkeys_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_roles",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    role_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_user_roles", x => new { x.user_id, x.role_id });
                    table.ForeignKey(
                        name: "fk_user_roles_roles_role_id",
                        column: x => x.role_id,
                        principalTable: "roles",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_user_roles_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_tokens",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    login_provider = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_user_tokens", x => new { x.user_id, x.login_provider, x.name });
                    table.ForeignKey(
                        name: "fk_user_tokens_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_agent_logins_extension",
                table: "agent_logins",
                column: "extension");

            migrationBuilder.CreateIndex(
                name: "ix_agent_logins_queue",
                table: "agent_logins",
                column: "queue");

            migrationBuilder.CreateIndex(
                name: "ix_announcements_next",
                table: "announcements",
                column: "next");

            migrationBuilder.CreateIndex(
                name: "ix_announcements_prompt",
                table: "announcements",
                column: "prompt");

            migrationBuilder.CreateIndex(
                name: "ix_announcements_site",
                table: "announcements",
                column: "site");

            migrationBuilder.CreateIndex(
                name: "ix_announcements_target",
                table: "announcements",
                column: "target");

            migrationBuilder.CreateIndex(
                name: "ix_api_tokens_hash",
                table: "api_tokens",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_call_records_running",
                table: "call_records",
                column: "running");

            migrationBuilder.CreateIndex(
                name: "ix_call_records_started_at",
                table: "call_records",
                column: "started_at");

            migrationBuilder.CreateIndex(
                name: "ix_config_changes_object_id",
                table: "config_changes",
                columns: new[] { "object", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_config_changes_revision",
                table: "config_changes",
                column: "revision");

            migrationBuilder.CreateIndex(
                name: "ix_devices_user_name",
                table: "devices",
                column: "user_name");

            migrationBuilder.CreateIndex(
                name: "ix_emergency_trunks_trunk",
                table: "emergency_trunks",
                column: "trunk");

            migrationBuilder.CreateIndex(
                name: "ix_extensions_break_route",
                table: "extensions",
                column: "break_route");

            migrationBuilder.CreateIndex(
                name: "ix_extensions_closed_route",
                table: "extensions",
                column: "closed_route");

            migrationBuilder.CreateIndex(
                name: "ix_extensions_holiday_route",
                table: "extensions",
                column: "holiday_route");

            migrationBuilder.CreateIndex(
                name: "ix_extensions_mailbox",
                table: "extensions",
                column: "mailbox");

            migrationBuilder.CreateIndex(
                name: "ix_extensions_on_busy",
                table: "extensions",
                column: "on_busy");

            migrationBuilder.CreateIndex(
                name: "ix_extensions_on_do_not_disturb",
                table: "extensions",
                column: "on_do_not_disturb");

            migrationBuilder.CreateIndex(
                name: "ix_extensions_on_no_answer",
                table: "extensions",
                column: "on_no_answer");

            migrationBuilder.CreateIndex(
                name: "ix_extensions_on_not_registered",
                table: "extensions",
                column: "on_not_registered");

            migrationBuilder.CreateIndex(
                name: "ix_extensions_site",
                table: "extensions",
                column: "site");

            migrationBuilder.CreateIndex(
                name: "ix_extensions_target",
                table: "extensions",
                column: "target");

            migrationBuilder.CreateIndex(
                name: "ix_inbound_rules_break_route",
                table: "inbound_rules",
                column: "break_route");

            migrationBuilder.CreateIndex(
                name: "ix_inbound_rules_closed_route",
                table: "inbound_rules",
                column: "closed_route");

            migrationBuilder.CreateIndex(
                name: "ix_inbound_rules_holiday_route",
                table: "inbound_rules",
                column: "holiday_route");

            migrationBuilder.CreateIndex(
                name: "ix_inbound_rules_open_route",
                table: "inbound_rules",
                column: "open_route");

            migrationBuilder.CreateIndex(
                name: "ix_inbound_rules_site",
                table: "inbound_rules",
                column: "site");

            migrationBuilder.CreateIndex(
                name: "ix_inbound_rules_trunk",
                table: "inbound_rules",
                column: "trunk");

            migrationBuilder.CreateIndex(
                name: "ix_ivr_keys_destination",
                table: "ivr_keys",
                column: "destination");

            migrationBuilder.CreateIndex(
                name: "ix_ivr_menus_break_route",
                table: "ivr_menus",
                column: "break_route");

            migrationBuilder.CreateIndex(
                name: "ix_ivr_menus_closed_route",
                table: "ivr_menus",
                column: "closed_route");

            migrationBuilder.CreateIndex(
                name: "ix_ivr_menus_holiday_route",
                table: "ivr_menus",
                column: "holiday_route");

            migrationBuilder.CreateIndex(
                name: "ix_ivr_menus_invalid_prompt",
                table: "ivr_menus",
                column: "invalid_prompt");

            migrationBuilder.CreateIndex(
                name: "ix_ivr_menus_on_invalid",
                table: "ivr_menus",
                column: "on_invalid");

            migrationBuilder.CreateIndex(
                name: "ix_ivr_menus_on_timeout",
                table: "ivr_menus",
                column: "on_timeout");

            migrationBuilder.CreateIndex(
                name: "ix_ivr_menus_prompt",
                table: "ivr_menus",
                column: "prompt");

            migrationBuilder.CreateIndex(
                name: "ix_ivr_menus_site",
                table: "ivr_menus",
                column: "site");

            migrationBuilder.CreateIndex(
                name: "ix_ivr_menus_target",
                table: "ivr_menus",
                column: "target");

            migrationBuilder.CreateIndex(
                name: "ix_mail_attempts_job",
                table: "mail_attempts",
                column: "job");

            migrationBuilder.CreateIndex(
                name: "ix_mail_jobs_created_at",
                table: "mail_jobs",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_mail_jobs_message",
                table: "mail_jobs",
                column: "message");

            migrationBuilder.CreateIndex(
                name: "ix_mail_jobs_state_next_attempt_at",
                table: "mail_jobs",
                columns: new[] { "state", "next_attempt_at" });

            migrationBuilder.CreateIndex(
                name: "ix_mailbox_extensions_extension",
                table: "mailbox_extensions",
                column: "extension");

            migrationBuilder.CreateIndex(
                name: "ix_mailbox_queues_queue",
                table: "mailbox_queues",
                column: "queue");

            migrationBuilder.CreateIndex(
                name: "ix_mailboxes_greeting",
                table: "mailboxes",
                column: "greeting");

            migrationBuilder.CreateIndex(
                name: "ix_mailboxes_site",
                table: "mailboxes",
                column: "site");

            migrationBuilder.CreateIndex(
                name: "ix_mailboxes_target",
                table: "mailboxes",
                column: "target");

            migrationBuilder.CreateIndex(
                name: "ix_messages_deleted_at",
                table: "messages",
                column: "deleted_at");

            migrationBuilder.CreateIndex(
                name: "ix_messages_mailbox_received_at",
                table: "messages",
                columns: new[] { "mailbox", "received_at" });

            migrationBuilder.CreateIndex(
                name: "ix_outbound_rule_extensions_extension",
                table: "outbound_rule_extensions",
                column: "extension");

            migrationBuilder.CreateIndex(
                name: "ix_outbound_rule_sites_site",
                table: "outbound_rule_sites",
                column: "site");

            migrationBuilder.CreateIndex(
                name: "ix_outbound_rule_steps_trunk",
                table: "outbound_rule_steps",
                column: "trunk");

            migrationBuilder.CreateIndex(
                name: "ix_queue_agents_extension",
                table: "queue_agents",
                column: "extension");

            migrationBuilder.CreateIndex(
                name: "ix_queues_break_route",
                table: "queues",
                column: "break_route");

            migrationBuilder.CreateIndex(
                name: "ix_queues_closed_route",
                table: "queues",
                column: "closed_route");

            migrationBuilder.CreateIndex(
                name: "ix_queues_holiday_route",
                table: "queues",
                column: "holiday_route");

            migrationBuilder.CreateIndex(
                name: "ix_queues_intro_prompt",
                table: "queues",
                column: "intro_prompt");

            migrationBuilder.CreateIndex(
                name: "ix_queues_music",
                table: "queues",
                column: "music");

            migrationBuilder.CreateIndex(
                name: "ix_queues_on_exit",
                table: "queues",
                column: "on_exit");

            migrationBuilder.CreateIndex(
                name: "ix_queues_on_no_answer",
                table: "queues",
                column: "on_no_answer");

            migrationBuilder.CreateIndex(
                name: "ix_queues_site",
                table: "queues",
                column: "site");

            migrationBuilder.CreateIndex(
                name: "ix_queues_target",
                table: "queues",
                column: "target");

            migrationBuilder.CreateIndex(
                name: "ix_queues_waiting_prompt",
                table: "queues",
                column: "waiting_prompt");

            migrationBuilder.CreateIndex(
                name: "ix_ring_group_members_extension",
                table: "ring_group_members",
                column: "extension");

            migrationBuilder.CreateIndex(
                name: "ix_ring_groups_on_no_answer",
                table: "ring_groups",
                column: "on_no_answer");

            migrationBuilder.CreateIndex(
                name: "ix_ring_groups_site",
                table: "ring_groups",
                column: "site");

            migrationBuilder.CreateIndex(
                name: "ix_ring_groups_target",
                table: "ring_groups",
                column: "target");

            migrationBuilder.CreateIndex(
                name: "ix_role_claims_role_id",
                table: "role_claims",
                column: "role_id");

            migrationBuilder.CreateIndex(
                name: "role_name_index",
                table: "roles",
                column: "normalized_name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_settings_music",
                table: "settings",
                column: "music");

            migrationBuilder.CreateIndex(
                name: "ix_site_holidays_destination",
                table: "site_holidays",
                column: "destination");

            migrationBuilder.CreateIndex(
                name: "ix_sites_closure_mailbox",
                table: "sites",
                column: "closure_mailbox");

            migrationBuilder.CreateIndex(
                name: "ix_sites_closure_prompt",
                table: "sites",
                column: "closure_prompt");

            migrationBuilder.CreateIndex(
                name: "ix_sites_default_destination",
                table: "sites",
                column: "default_destination");

            migrationBuilder.CreateIndex(
                name: "ix_sites_on_holiday",
                table: "sites",
                column: "on_holiday");

            migrationBuilder.CreateIndex(
                name: "ix_trunk_numbers_number",
                table: "trunk_numbers",
                column: "number");

            migrationBuilder.CreateIndex(
                name: "ix_trunks_default_destination",
                table: "trunks",
                column: "default_destination");

            migrationBuilder.CreateIndex(
                name: "ix_trunks_site",
                table: "trunks",
                column: "site");

            migrationBuilder.CreateIndex(
                name: "ix_user_claims_user_id",
                table: "user_claims",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_user_logins_user_id",
                table: "user_logins",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_user_passkeys_user_id",
                table: "user_passkeys",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_user_roles_role_id",
                table: "user_roles",
                column: "role_id");

            migrationBuilder.CreateIndex(
                name: "email_index",
                table: "users",
                column: "normalized_email");

            migrationBuilder.CreateIndex(
                name: "ix_users_extension",
                table: "users",
                column: "extension");

            migrationBuilder.CreateIndex(
                name: "user_name_index",
                table: "users",
                column: "normalized_user_name",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "agent_logins");

            migrationBuilder.DropTable(
                name: "announcements");

            migrationBuilder.DropTable(
                name: "api_tokens");

            migrationBuilder.DropTable(
                name: "call_records");

            migrationBuilder.DropTable(
                name: "closure_switches");

            migrationBuilder.DropTable(
                name: "config_changes");

            migrationBuilder.DropTable(
                name: "config_revision");

            migrationBuilder.DropTable(
                name: "devices");

            migrationBuilder.DropTable(
                name: "dial_codes");

            migrationBuilder.DropTable(
                name: "emergency_trunks");

            migrationBuilder.DropTable(
                name: "inbound_rules");

            migrationBuilder.DropTable(
                name: "ivr_keys");

            migrationBuilder.DropTable(
                name: "mail_attempts");

            migrationBuilder.DropTable(
                name: "mailbox_extensions");

            migrationBuilder.DropTable(
                name: "mailbox_queues");

            migrationBuilder.DropTable(
                name: "messages");

            migrationBuilder.DropTable(
                name: "outbound_rule_extensions");

            migrationBuilder.DropTable(
                name: "outbound_rule_sites");

            migrationBuilder.DropTable(
                name: "outbound_rule_steps");

            migrationBuilder.DropTable(
                name: "queue_agents");

            migrationBuilder.DropTable(
                name: "ring_group_members");

            migrationBuilder.DropTable(
                name: "role_claims");

            migrationBuilder.DropTable(
                name: "site_holidays");

            migrationBuilder.DropTable(
                name: "site_office_hours");

            migrationBuilder.DropTable(
                name: "trunk_numbers");

            migrationBuilder.DropTable(
                name: "user_claims");

            migrationBuilder.DropTable(
                name: "user_logins");

            migrationBuilder.DropTable(
                name: "user_passkeys");

            migrationBuilder.DropTable(
                name: "user_roles");

            migrationBuilder.DropTable(
                name: "user_tokens");

            migrationBuilder.DropTable(
                name: "settings");

            migrationBuilder.DropTable(
                name: "ivr_menus");

            migrationBuilder.DropTable(
                name: "mail_jobs");

            migrationBuilder.DropTable(
                name: "outbound_rules");

            migrationBuilder.DropTable(
                name: "queues");

            migrationBuilder.DropTable(
                name: "ring_groups");

            migrationBuilder.DropTable(
                name: "trunks");

            migrationBuilder.DropTable(
                name: "roles");

            migrationBuilder.DropTable(
                name: "users");

            migrationBuilder.DropTable(
                name: "extensions");

            migrationBuilder.DropTable(
                name: "mailboxes");

            migrationBuilder.DropTable(
                name: "sites");

            migrationBuilder.DropTable(
                name: "prompts");

            migrationBuilder.DropTable(
                name: "targets");
        }
    }
}
