using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Queues;
using Pbx.Web.Features.Queues;
using Pbx.Web.Shell.Editing;
using Pbx.Web.Tests.Fakes;

namespace Pbx.Web.Tests.Console;

public class EditorTests
{
    private readonly FakeDoor door = new();
    private readonly QueuesViewModel model = new();

    [Fact]
    public async Task Save_OfANewObject_GivesItAFreeKeyMadeOfItsName()
    {
        door.Publish(new Queue { Key = "support-lyon", Name = "x", Site = "lyon" });
        var editor = new ObjectEditor<Queue>(model, door, model.New(door.Current), isNew: true);
        editor.Set(editor.Draft with { Name = "Support Lyôn" });
        Assert.True(editor.IsDirty);
        Assert.True(await editor.SaveAsync());
        Assert.Equal("support-lyon-2", editor.Original.Key);
        Assert.False(editor.IsDirty);
        Assert.False(editor.IsNew);
    }

    [Fact]
    public async Task Save_ThatIsAskedAboutAndNotMeant_LeavesTheDraftUnsaved()
    {
        door.Publish(new Queue { Key = "support", Name = "Support", Site = "lyon" });
        var meant = false;
        var editor = new ObjectEditor<Queue>(model, door, door.Current.Queues["support"], isNew: false) { Ask = _ => Task.FromResult(meant) };
        editor.Set(editor.Draft with { RingSeconds = 15 });

        Assert.False(await editor.SaveAsync());
        Assert.Empty(door.Applied);
        Assert.True(editor.IsDirty);
        Assert.False(editor.Saving);

        meant = true;
        Assert.True(await editor.SaveAsync());
        Assert.Equal(15, door.Current.Queues["support"].RingSeconds);
    }

    [Fact]
    public async Task Save_Refused_ShowsEachErrorAtItsFieldAndKeepsTheDraft()
    {
        door.Publish(new Queue { Key = "support", Name = "Support", Site = "lyon" });
        var editor = new ObjectEditor<Queue>(model, door, door.Current.Queues["support"], isNew: false);
        editor.Set(editor.Draft with { RingSeconds = 1 });
        door.NextErrors = [new PbxError("out-of-range", "queues/support/ringSeconds", "1 is out of range."), new PbxError("x", "queues/support/agents/0/extension", "y")];
        Assert.False(await editor.SaveAsync());
        Assert.Single(editor.ErrorsAt("ringSeconds"));
        Assert.Single(editor.ErrorsAt("agents"));
        Assert.Empty(editor.ErrorsAt("ring"));
        Assert.Equal(1, editor.Draft.RingSeconds);
    }

    [Fact]
    public void Observe_NothingChangedHere_FollowsTheStoredObject()
    {
        var queue = new Queue { Key = "support", Name = "Support", Site = "lyon", Version = 1 };
        door.Publish(queue);
        var editor = new ObjectEditor<Queue>(model, door, queue, isNew: false);
        editor.Observe(queue with { Name = "Help", Version = 2 });
        Assert.Equal("Help", editor.Draft.Name);
        Assert.False(editor.IsStale);
    }

    [Fact]
    public void Observe_ChangedOnBothSides_IsStaleUntilReloaded()
    {
        var queue = new Queue { Key = "support", Name = "Support", Site = "lyon", Version = 1 };
        door.Publish(queue);
        var editor = new ObjectEditor<Queue>(model, door, queue, isNew: false);
        editor.Set(editor.Draft with { Name = "Mine" });
        door.Publish(queue with { Name = "Theirs", Version = 2 });
        editor.Observe(door.Current.Queues["support"]);
        Assert.True(editor.IsStale);
        Assert.Equal("Mine", editor.Draft.Name);
        Assert.True(editor.Reload());
        Assert.Equal("Theirs", editor.Draft.Name);
    }

    [Fact]
    public async Task Save_WithAStaleVersion_AsksForAReload()
    {
        var queue = new Queue { Key = "support", Name = "Support", Site = "lyon", Version = 1 };
        door.Publish(queue);
        var editor = new ObjectEditor<Queue>(model, door, queue, isNew: false);
        editor.Set(editor.Draft with { Name = "Mine" });
        door.NextErrors = [new PbxError("conflict", "queues/support", "Somebody else changed it.")];
        Assert.False(await editor.SaveAsync());
        Assert.True(editor.IsStale);
    }

    [Fact]
    public async Task Remove_OfAStoredObject_NamesItsVersion()
    {
        var queue = new Queue { Key = "support", Name = "Support", Site = "lyon", Version = 7 };
        door.Publish(queue);
        Assert.True(await new ObjectEditor<Queue>(model, door, queue, isNew: false).RemoveAsync());
        Assert.Equal(new Change.Remove(new ObjectRef(ObjectKind.Queue, "support"), 7), door.Applied.Single());
    }

    [Theory, InlineData("settings/mail/from", "mail/from"), InlineData("settings/drainSeconds", "drainSeconds"), InlineData("queues/support/agents/0", "agents/0"), InlineData("name", "name")]
    public void PathInObject_OfAnErrorsPath_LeavesOutKindAndKey(string path, string field) =>
        Assert.Equal(field, ObjectEditor<Queue>.PathInObject(path));

    [Fact]
    public void Set_ADraft_TellsWhatSurroundsTheFields()
    {
        var editor = new ObjectEditor<Queue>(model, door, model.New(door.Current), isNew: true);
        var told = 0;
        editor.Changed += () => told++;
        editor.Set(editor.Draft with { Name = "x" });
        Assert.Equal(1, told);
    }

    [Fact]
    public void UsedBy_AReferredObject_NamesEachUserOnceAndNotItself()
    {
        var queue = new Queue { Key = "support", Name = "Support", Site = "lyon" };
        door.Publish(queue with { OnNoAnswer = queue.AsDestination },
            new Pbx.Core.Voicemail.Mailbox { Key = "box", Name = "Box", Site = "lyon", MailQueues = ["support", "support"] });
        Assert.Equal([new ObjectRef(ObjectKind.Mailbox, "box")], new ObjectEditor<Queue>(model, door, door.Current.Queues["support"], isNew: false).UsedBy());
    }
}
