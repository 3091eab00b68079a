using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pbx.Core.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class TrunkTls : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "accepts_any_certificate",
                table: "trunks",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "tls_authorities",
                table: "trunks",
                type: "text",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "accepts_any_certificate",
                table: "trunks");

            migrationBuilder.DropColumn(
                name: "tls_authorities",
                table: "trunks");
        }
    }
}
