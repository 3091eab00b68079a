using System.Text.RegularExpressions;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>The hash that a device is set to is the one it is asked for, and a phone that knows SHA-256 (RFC 8760) answers with it.</summary>
public sealed partial class DigestTests
{
    private static readonly Extension Dora = new()
    {
        Key = "104", Name = "Dora", Number = "104", Site = "paris", Security = CallSecurity.ClearAllowed,
        Devices = [new Device { Key = "phone", UserName = "104", Password = new Secret(Company.Password) }],
    };

    [Fact]
    public async Task Device_IsAskedForTheHashItIsSetTo_LinphoneAnswersWithSha256AndCalls_APhoneOfMd5AloneIsRefused()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync([.. Company.Create().Select(SetDigest), Dora]);
        using TestSound low = TestSound.Tone(440), high = TestSound.Tone(1000);
        await using var linphone = await LinphoneConsole.StartAsync();
        await using var bruno = await LinphoneConsole.StartAsync();
        await using var chloe = await LinphoneConsole.StartAsync();
        await using var callee = await Baresip.StartAsync(new(Dora.Number, pbx.Server, Dora.Number, Company.Password), high.Path, answers: true);
        await using var strict = new ScriptedPhone("127.0.0.1", pbx.SipPort, "101", Company.Password);
        await using var lenient = new ScriptedPhone("127.0.0.1", pbx.SipPort, "103", Company.Password);
        await callee.RegisteredAsync();

        Assert.True(await linphone.RegisterAsync("101", pbx.Server, Company.Password), linphone.Log);
        Assert.True(await bruno.RegisterAsync("102", pbx.Server, Company.Password), bruno.Log);
        Assert.True(await chloe.RegisterAsync("103", pbx.Server, Company.Password), chloe.Log);
        await linphone.CallAsync($"sip:104@{pbx.Server}");
        await linphone.PlayAsync(low.Path);
        await callee.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(4));
        await linphone.HangUpAsync();
        await callee.WaitForAsync("CALL_CLOSED");

        // SHA-256 alone: REGISTER and INVITE are challenged and answered with it. MD5 alone: nothing else is offered. Both: the stronger first.
        Assert.Equal(["SHA-256"], Hashes(linphone.Log, "WWW-Authenticate").Distinct());
        Assert.Equal(["SHA-256"], Hashes(linphone.Log, "Authorization").Distinct());
        Assert.Contains("INVITE", AnsweredMethods(linphone.Log));
        Assert.Equal(["MD5"], Hashes(bruno.Log, "WWW-Authenticate").Distinct());
        Assert.Equal(["MD5"], Hashes(bruno.Log, "Authorization").Distinct());
        Assert.Equal(["SHA-256", "MD5"], Hashes(chloe.Log, "WWW-Authenticate").Distinct());
        // A phone that knows MD5 alone is not let in where SHA-256 is asked, and takes its own where both are.
        Assert.Equal(401, await strict.RegisterAsync());
        Assert.Equal(200, await lenient.RegisterAsync());
        Assert.True(Listening.ToneSeconds(await callee.HeardAsync(), 440) > 2, "the callee hears Linphone");
        Assert.True(Listening.ToneSeconds(await linphone.HeardAsync(), 1000) > 2, "Linphone hears the callee");
        await pbx.EndCallsAsync(linphone, bruno, chloe, callee, strict, lenient);
    }

    private static IConfigObject SetDigest(IConfigObject item) => item is not Extension extension ? item : extension with
    {
        Devices = [.. extension.Devices.Select(device => device with
        {
            Digest = extension.Number switch
            {
                "101" => DigestAlgorithms.Sha256,
                "103" => DigestAlgorithms.Md5 | DigestAlgorithms.Sha256,
                _ => DigestAlgorithms.Md5,
            },
        })],
    };

    private static IEnumerable<string> Hashes(string log, string header) =>
        log.Split('\n').Where(line => line.StartsWith(header + ":", StringComparison.Ordinal)).Select(line => Algorithm().Match(line).Groups[1].Value);

    // The methods of the requests that carried credentials.
    private static IEnumerable<string> AnsweredMethods(string log) => Request().Matches(log).Select(match => match.Groups[1].Value);

    [GeneratedRegex("algorithm=\"?([A-Z0-9-]+)")]
    private static partial Regex Algorithm();

    [GeneratedRegex(@"^(REGISTER|INVITE|BYE) sip:\S+ SIP/2\.0\r?\n(?:[A-Za-z-]+:[^\n]*\n)*?Authorization:", RegexOptions.Multiline)]
    private static partial Regex Request();
}
