using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pbx.Core.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class CallSecurity : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "security",
                table: "trunks",
                type: "text",
                nullable: false,
                defaultValue: "ClearAllowed");

            migrationBuilder.AddColumn<string>(
                name: "security",
                table: "settings",
                type: "text",
                nullable: false,
                defaultValue: "ClearAllowed");

            migrationBuilder.AddColumn<string>(
                name: "security",
                table: "extensions",
                type: "text",
                nullable: false,
                defaultValue: "ClearAllowed");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "security",
                table: "trunks");

            migrationBuilder.DropColumn(
                name: "security",
                table: "settings");

            migrationBuilder.DropColumn(
                name: "security",
                table: "extensions");
        }
    }
}
