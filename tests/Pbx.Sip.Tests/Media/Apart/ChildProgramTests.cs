using System.Collections;
using System.ComponentModel;
using Pbx.Sip.Media.Apart;

namespace Pbx.Sip.Tests.Media.Apart;

/// <summary>Another program is started with a socket and without our secrets.</summary>
public class ChildProgramTests
{
    [Fact]
    public void Environment_HasNoneOfOurSettings_AndTheRuntimesOwn()
    {
        var given = new Hashtable { ["PBX__Setup__AdminPassword"] = "secret", ["Pbx__Database__ConnectionString"] = "secret", ["PATH"] = "/bin", ["DOTNET_gcServer"] = "1" };
        var environment = ChildProgram.Environment(given);
        Assert.DoesNotContain(environment, variable => variable.Contains("secret", StringComparison.Ordinal));
        Assert.Contains("PATH=/bin", environment);
        Assert.Equal("DOTNET_gcServer=0", Assert.Single(environment, variable => variable.StartsWith("DOTNET_gcServer=", StringComparison.Ordinal)));
    }

    [Fact]
    public void Start_AProgram_HasTheSocketAndEndsWhenLetGo()
    {
        var (ours, theirs) = LinkSocket.Pair();
        using var socket = new LinkSocket(ours);
        var program = ChildProgram.Start(["/bin/sh", "-c", $"printf %s \"${ChildProgram.Mark}\" >&{ChildProgram.Descriptor}; exec sleep 600"], theirs);
        var buffer = new byte[10];
        Assert.Equal(1, socket.Receive(buffer, new Queue<int>()));
        Assert.Equal((byte)'3', buffer[0]);
        program.Dispose();
        program.Dispose();
        Assert.Equal(0, socket.Receive(buffer, new Queue<int>()));
    }

    [Fact]
    public void Start_NoSuchProgram_SaysWhich()
    {
        var (ours, theirs) = LinkSocket.Pair();
        using var socket = new LinkSocket(ours);
        Assert.Contains("/nowhere/pbx", Assert.Throws<Win32Exception>(() => ChildProgram.Start(["/nowhere/pbx", "media"], theirs)).Message, StringComparison.Ordinal);
        Assert.Equal(0, socket.Receive(new byte[10], new Queue<int>()));
    }
}
