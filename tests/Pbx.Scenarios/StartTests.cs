using System.Diagnostics;

namespace Pbx.Scenarios;

/// <summary>What a start that cannot go on says.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task DataDirectory_ThatCannotBeMade_IsSaidInWords()
    {
        var start = new ProcessStartInfo(PbxProcess.InCheckout("artifacts/pbx/pbx"), ["--Data", "/dev/null/pbx"]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("The server could not start", errors, StringComparison.Ordinal);
        Assert.Contains("/dev/null/pbx", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }
}
