using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pbx.Core.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class UnmatchedCalls : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "unmatched",
                table: "call_records",
                type: "boolean",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "unmatched",
                table: "call_records");
        }
    }
}
