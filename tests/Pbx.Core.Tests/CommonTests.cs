using Pbx.Core.Common;

namespace Pbx.Core.Tests;

public sealed class DestinationTests
{
    [Fact]
    public void Destination_WrittenAndRead_IsTheSame()
    {
        foreach (var kind in Enum.GetValues<DestinationKind>())
        {
            var destination = new Destination(kind, "a-1:b");
            Assert.Equal(destination, Destination.Parse(destination.ToString()));
        }
    }
}
