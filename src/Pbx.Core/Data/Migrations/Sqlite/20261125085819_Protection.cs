using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pbx.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Protection : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "alert_address",
                table: "settings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "never_banned",
                table: "settings",
                type: "TEXT",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<int>(
                name: "outbound_calls_per_day",
                table: "settings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 300);

            migrationBuilder.AddColumn<int>(
                name: "outbound_calls_per_hour",
                table: "settings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 60);

            migrationBuilder.AddColumn<string>(
                name: "outbound_countries",
                table: "settings",
                type: "TEXT",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<int>(
                name: "outbound_minutes_per_day",
                table: "settings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 900);

            migrationBuilder.AddColumn<int>(
                name: "outbound_minutes_per_hour",
                table: "settings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 180);

            migrationBuilder.AddColumn<bool>(
                name: "outbound_premium_numbers",
                table: "settings",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "outbound_in_hours_only",
                table: "extensions",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "alert_address",
                table: "settings");

            migrationBuilder.DropColumn(
                name: "never_banned",
                table: "settings");

            migrationBuilder.DropColumn(
                name: "outbound_calls_per_day",
                table: "settings");

            migrationBuilder.DropColumn(
                name: "outbound_calls_per_hour",
                table: "settings");

            migrationBuilder.DropColumn(
                name: "outbound_countries",
                table: "settings");

            migrationBuilder.DropColumn(
                name: "outbound_minutes_per_day",
                table: "settings");

            migrationBuilder.DropColumn(
                name: "outbound_minutes_per_hour",
                table: "settings");

            migrationBuilder.DropColumn(
                name: "outbound_premium_numbers",
                table: "settings");

            migrationBuilder.DropColumn(
                name: "outbound_in_hours_only",
                table: "extensions");
        }
    }
}
