using Pbx.Sip.Scheduling;

namespace Pbx.Sip.Tests.Scheduling;

public sealed class ShardIdsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(35)]
    [InlineData(36)]
    [InlineData(1295)]
    public void Identifiers_OfAShard_LeadBackToIt(int number)
    {
        var ids = new ShardIds(number);
        Assert.Equal(number, ShardIds.ShardOf(ids.NewTag()));
        Assert.Equal(number, ShardIds.ShardOf(ids.NewCallId()));
        Assert.Equal(number, ShardIds.ShardOfBranch(ids.NewBranch()));
        Assert.NotEqual(ids.NewTag(), ids.NewTag());
    }

    [Theory]
    [InlineData("")]
    [InlineData("p")]
    [InlineData("as7f6g8h9")]
    [InlineData("p00123456789012345678901234g")]
    [InlineData("q00123456789012345678901234")]
    [InlineData("p00ABCDEF789012345678901234")]
    public void Identifiers_OfOthers_AreNotOurs(string id)
    {
        Assert.Equal(-1, ShardIds.ShardOf(id));
        Assert.Equal(-1, ShardIds.ShardOfBranch("z9hG4bK" + id));
    }
}
