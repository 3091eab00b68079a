using Pbx.Sip.Transactions;

namespace Pbx.Sip.Tests.Transactions;

/// <summary>Every edge of the four figures of RFC 3261 section 17 (with RFC 6026), as tables: inputs so far, input, effects, state.</summary>
public sealed class MachineTests
{
    private static readonly TransactionTimes Times = TransactionTimes.Standard;

    [Theory]
    // Calling
    [InlineData(false, "", "begin", "Send, Start A 500, Start B 32000", "Calling")]
    [InlineData(true, "", "begin", "Send, Start B 32000", "Calling")]
    [InlineData(false, "begin", "A", "Resend, Start A 1000", "Calling")]
    [InlineData(false, "begin A", "A", "Resend, Start A 2000", "Calling")]
    [InlineData(false, "begin A A A A A", "A", "Resend, Start A 32000", "Calling")]
    [InlineData(false, "begin", "B", "Terminate, Fail TimedOut", "Terminated")]
    [InlineData(false, "begin", "fail", "Terminate, Fail TransportFailed", "Terminated")]
    [InlineData(false, "begin", "180", "Stop A, Stop B, Deliver", "Proceeding")]
    [InlineData(false, "begin", "200", "Stop A, Stop B, Start M 32000, Deliver", "Accepted")]
    [InlineData(false, "begin", "486", "Stop A, Stop B, Acknowledge, Start D 32000, Deliver", "Completed")]
    [InlineData(true, "begin", "486", "Acknowledge, Terminate, Deliver", "Terminated")]
    [InlineData(false, "begin", "cancel", "", "Calling")]
    // Proceeding
    [InlineData(false, "begin 100", "183", "Deliver", "Proceeding")]
    [InlineData(false, "begin 100", "A", "", "Proceeding")]
    [InlineData(false, "begin 100", "B", "", "Proceeding")]
    [InlineData(false, "begin 100", "200", "Stop A, Stop B, Start M 32000, Deliver", "Accepted")]
    [InlineData(false, "begin 100", "603", "Stop A, Stop B, Acknowledge, Start D 32000, Deliver", "Completed")]
    [InlineData(false, "begin 100", "cancel", "Start Cancelled 32000", "Proceeding")]
    [InlineData(false, "begin 100 cancel", "Cancelled", "Terminate, Fail TimedOut", "Terminated")]
    [InlineData(false, "begin 100 cancel", "487", "Stop A, Stop B, Acknowledge, Start D 32000, Deliver", "Completed")]
    [InlineData(false, "begin 100", "fail", "Terminate, Fail TransportFailed", "Terminated")]
    // Completed
    [InlineData(false, "begin 486", "486", "Resend", "Completed")]
    [InlineData(false, "begin 486", "180", "", "Completed")]
    [InlineData(false, "begin 486", "200", "", "Completed")]
    [InlineData(false, "begin 486", "D", "Terminate", "Terminated")]
    [InlineData(false, "begin 486", "fail", "Terminate", "Terminated")]
    // Accepted
    [InlineData(false, "begin 200", "200", "Deliver", "Accepted")]
    [InlineData(false, "begin 200", "486", "", "Accepted")]
    [InlineData(false, "begin 200", "180", "", "Accepted")]
    [InlineData(false, "begin 200", "M", "Terminate", "Terminated")]
    [InlineData(false, "begin 200", "fail", "Terminate", "Terminated")]
    // Terminated
    [InlineData(false, "begin B", "200", "", "Terminated")]
    public void InviteClient_Edge_IsThatOfTheFigure(bool reliable, string before, string input, string effects, string state) =>
        Check(new InviteClientTransaction(Times, reliable), before, input, effects, state);

    [Theory]
    // Proceeding
    [InlineData(false, "", "begin", "Start Trying 200, Deliver", "Proceeding")]
    [InlineData(false, "begin", "Trying", "SendTrying", "Proceeding")]
    [InlineData(false, "begin", "180", "Stop Trying, Send", "Proceeding")]
    [InlineData(false, "begin 180", "request", "Resend", "Proceeding")]
    [InlineData(false, "begin", "200", "Stop Trying, Start L 32000, Send", "Accepted")]
    [InlineData(false, "begin", "486", "Start G 500, Start H 32000, Send", "Completed")]
    [InlineData(true, "begin", "486", "Stop Trying, Start H 32000, Send", "Completed")]
    [InlineData(false, "begin", "fail", "Terminate", "Terminated")]
    [InlineData(false, "begin", "ack", "", "Proceeding")]
    // Completed
    [InlineData(false, "begin 486", "request", "Resend", "Completed")]
    [InlineData(false, "begin 486", "G", "Resend, Start G 1000", "Completed")]
    [InlineData(false, "begin 486 G G G", "G", "Resend, Start G 4000", "Completed")]
    [InlineData(false, "begin 486", "H", "Terminate", "Terminated")]
    [InlineData(false, "begin 486", "ack", "Stop G, Stop H, Start I 5000", "Confirmed")]
    [InlineData(true, "begin 486", "ack", "Terminate", "Terminated")]
    [InlineData(false, "begin 486", "200", "", "Completed")]
    [InlineData(false, "begin 486", "fail", "Terminate", "Terminated")]
    // Confirmed
    [InlineData(false, "begin 486 ack", "ack", "", "Confirmed")]
    [InlineData(false, "begin 486 ack", "request", "", "Confirmed")]
    [InlineData(false, "begin 486 ack", "I", "Terminate", "Terminated")]
    // Accepted (RFC 6026)
    [InlineData(false, "begin 200", "request", "", "Accepted")]
    [InlineData(false, "begin 200", "200", "Send", "Accepted")]
    [InlineData(false, "begin 200", "486", "", "Accepted")]
    [InlineData(false, "begin 200", "ack", "Deliver", "Accepted")]
    [InlineData(false, "begin 200", "L", "Terminate", "Terminated")]
    public void InviteServer_Edge_IsThatOfTheFigure(bool reliable, string before, string input, string effects, string state) =>
        Check(new InviteServerTransaction(Times, reliable), before, input, effects, state);

    [Theory]
    // Trying
    [InlineData(false, "", "begin", "Send, Start E 500, Start F 32000", "Trying")]
    [InlineData(true, "", "begin", "Send, Start F 32000", "Trying")]
    [InlineData(false, "begin", "E", "Resend, Start E 1000", "Trying")]
    [InlineData(false, "begin E E E", "E", "Resend, Start E 4000", "Trying")]
    [InlineData(false, "begin", "F", "Terminate, Fail TimedOut", "Terminated")]
    [InlineData(false, "begin", "fail", "Terminate, Fail TransportFailed", "Terminated")]
    [InlineData(false, "begin", "100", "Deliver", "Proceeding")]
    [InlineData(false, "begin", "200", "Stop E, Stop F, Start K 5000, Deliver", "Completed")]
    [InlineData(true, "begin", "404", "Terminate, Deliver", "Terminated")]
    // Proceeding
    [InlineData(false, "begin 100", "E", "Resend, Start E 4000", "Proceeding")]
    [InlineData(false, "begin 100", "F", "Terminate, Fail TimedOut", "Terminated")]
    [InlineData(false, "begin 100", "fail", "Terminate, Fail TransportFailed", "Terminated")]
    [InlineData(false, "begin 100", "100", "Deliver", "Proceeding")]
    [InlineData(false, "begin 100", "404", "Stop E, Stop F, Start K 5000, Deliver", "Completed")]
    // Completed
    [InlineData(false, "begin 200", "200", "", "Completed")]
    [InlineData(false, "begin 200", "E", "", "Completed")]
    [InlineData(false, "begin 200", "K", "Terminate", "Terminated")]
    public void NonInviteClient_Edge_IsThatOfTheFigure(bool reliable, string before, string input, string effects, string state) =>
        Check(new NonInviteClientTransaction(Times, reliable), before, input, effects, state);

    [Theory]
    // Trying
    [InlineData(false, "", "begin", "Deliver", "Trying")]
    [InlineData(false, "begin", "request", "", "Trying")]
    [InlineData(false, "begin", "100", "Send", "Proceeding")]
    [InlineData(false, "begin", "200", "Start J 32000, Send", "Completed")]
    [InlineData(true, "begin", "200", "Send, Terminate", "Terminated")]
    [InlineData(false, "begin", "fail", "Terminate", "Terminated")]
    // Proceeding
    [InlineData(false, "begin 100", "request", "Resend", "Proceeding")]
    [InlineData(false, "begin 100", "100", "Send", "Proceeding")]
    [InlineData(false, "begin 100", "404", "Start J 32000, Send", "Completed")]
    [InlineData(false, "begin 100", "fail", "Terminate", "Terminated")]
    // Completed
    [InlineData(false, "begin 200", "request", "Resend", "Completed")]
    [InlineData(false, "begin 200", "404", "", "Completed")]
    [InlineData(false, "begin 200", "J", "Terminate", "Terminated")]
    [InlineData(false, "begin 200", "fail", "Terminate", "Terminated")]
    public void NonInviteServer_Edge_IsThatOfTheFigure(bool reliable, string before, string input, string effects, string state) =>
        Check(new NonInviteServerTransaction(Times, reliable), before, input, effects, state);

    [Fact]
    public void Become_MoveThatIsNotInTheFigure_Throws()
    {
        (DayOfWeek, DayOfWeek)[] legal = [(DayOfWeek.Monday, DayOfWeek.Tuesday)];
        var state = DayOfWeek.Monday;
        Assert.Throws<InvalidOperationException>(() => legal.Become(ref state, DayOfWeek.Friday));
        legal.Become(ref state, DayOfWeek.Tuesday);
        Assert.Equal(DayOfWeek.Tuesday, state);
    }

    private static void Check(ITransactionMachine machine, string before, string input, string effects, string state)
    {
        foreach (var word in before.Split(' ', StringSplitOptions.RemoveEmptyEntries)) machine.On(InputOf(word));
        Assert.Equal(effects, machine.On(InputOf(input)).ToString());
        Assert.Equal(state, machine.StateName);
        Assert.Equal(state == "Terminated", machine.IsTerminated);
    }

    private static Input InputOf(string word) => word switch
    {
        "begin" => Input.Begin,
        "request" => Input.Request,
        "ack" => Input.Ack,
        "cancel" => Input.Cancel,
        "fail" => Input.TransportFailed,
        _ when int.TryParse(word, out var status) => Input.Response(status),
        _ => Input.Fired(Enum.Parse<TimerName>(word)),
    };
}
