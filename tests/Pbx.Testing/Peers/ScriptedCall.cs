using System.Globalization;

namespace Pbx.Testing.Peers;

/// <summary>A call of a <see cref="ScriptedPhone"/>, outgoing or incoming.</summary>
public sealed class ScriptedCall
{
    private readonly ScriptedPhone phone;
    private readonly bool outgoing;
    private readonly Lock gate = new();
    private readonly string tag = $"t{Guid.NewGuid():n}";
    private readonly TaskCompletionSource established = New(), ended = New(), ringing = New(), trying = New();
    private TaskCompletionSource<int> final = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SipText? invite;
    private string? answer;
    private string branch = "";
    private string remoteTarget = "";
    private string remote = "";
    private string inviteUri = "";
    private int inviteSequence;
    private bool authenticated;
    private bool offers;

    internal ScriptedCall(ScriptedPhone phone, string callId, bool outgoing) => (this.phone, CallId, this.outgoing) = (phone, callId, outgoing);

    /// <summary>Its Call-ID.</summary>
    public string CallId { get; }

    /// <summary>Completes when it is established (200 sent or received).</summary>
    public Task Established => established.Task;

    /// <summary>Completes when the server has taken it (100 received).</summary>
    public Task Trying => trying.Task;

    /// <summary>Completes when it rings (180 received).</summary>
    public Task Ringing => ringing.Task;

    /// <summary>Completes when it ended, however.</summary>
    public Task Ended => ended.Task;

    /// <summary>Final responses to INVITE seen, by status; retransmissions counted once each time they come.</summary>
    public List<int> Finals { get; } = [];

    /// <summary>The CANCEL received, or null.</summary>
    public SipText? Cancelled { get; private set; }

    /// <summary>The INVITE received, or null.</summary>
    public SipText? Invitation => invite;

    /// <summary>The SDP of the last 2xx to its INVITE; empty: none yet.</summary>
    public string Description { get; private set; } = "";

    /// <summary>What it answered to re-INVITEs, in order.</summary>
    public List<int> ReInvites { get; } = [];

    /// <summary>BYEs received.</summary>
    public int Byes { get; private set; }

    internal string Target { get; init; } = "";

    internal SipText? LastResponse { get; private set; }

    /// <summary>The final status of what was sent last.</summary>
    public Task<int> FinalAsync() => final.Task.WaitAsync(TimeSpan.FromSeconds(90));

    /// <summary>Rings (180).</summary>
    public void Ring()
    {
        lock (gate) Send(180);
    }

    /// <summary>Answers with 200 and these further headers, unless it has ended.</summary>
    public void Answer(string further = "")
    {
        lock (gate)
        {
            if (ended.Task.IsCompleted || answer is not null) return;
            answer = invite!.Reply(200, tag, $"Contact: <sip:{phone.User}@{phone.Local}>\r\n{further}Content-Type: application/sdp\r\n", Sdp());
            phone.Send(answer);
            established.TrySetResult();
        }
    }

    /// <summary>Rejects with a status.</summary>
    public void Reject(int status)
    {
        lock (gate)
        {
            if (ended.Task.IsCompleted || answer is not null) return;
            answer = invite!.Reply(status, tag);
            phone.Send(answer);
            ended.TrySetResult();
        }
    }

    /// <summary>Cancels the outgoing call; what comes of it is for the test to see.</summary>
    public void Cancel()
    {
        lock (gate)
        {
            if (ended.Task.IsCompleted || established.Task.IsCompleted) return;
            phone.Send(Request("CANCEL", Target, inviteSequence, branch, to: $"<{Target}>"));
        }
    }

    /// <summary>Hangs up an established call.</summary>
    public void Bye()
    {
        lock (gate)
        {
            if (ended.Task.IsCompleted) return;
            phone.Send(Request("BYE", remoteTarget, phone.NextSequence(), NewBranch(), remote));
            ended.TrySetResult();
        }
    }

    /// <summary>Sends a re-INVITE with a media direction, such as sendonly.</summary>
    public void ReInvite(string direction = "sendrecv")
    {
        lock (gate)
        {
            if (ended.Task.IsCompleted) return;
            (inviteSequence, branch, inviteUri, offers) = (phone.NextSequence(), NewBranch(), remoteTarget, true);
            phone.Send(Request("INVITE", remoteTarget, inviteSequence, branch, remote, $"Contact: <sip:{phone.User}@{phone.Local}>\r\n", Sdp(direction)));
        }
    }

    internal void ForgetResponse() => final = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void SendInvite(string? authorization)
    {
        (inviteSequence, branch, inviteUri) = (phone.NextSequence(), NewBranch(), Target);
        phone.Send(Request("INVITE", Target, inviteSequence, branch, $"<{Target}>", $"Contact: <sip:{phone.User}@{phone.Local}>\r\n{authorization}", Sdp()));
    }

    internal void OnResponse(SipText response)
    {
        lock (gate)
        {
            LastResponse = response;
            if (response.Method == "INVITE") OnInviteResponse(response);
            else if (response.Method == "REGISTER" && response.Status >= 200) final.TrySetResult(response.Status);
        }
    }

    internal void OnRequest(SipText request)
    {
        lock (gate)
        {
            switch (request.Method)
            {
                case "INVITE" when invite is null:
                    (invite, remoteTarget, remote) = (request, request.Uri("Contact")!, request.Header("From")!);
                    phone.Send(request.Reply(100));
                    break;
                case "INVITE" when request.Header("CSeq") == invite.Header("CSeq"):
                    if (answer is not null) phone.Send(answer);
                    break;
                case "INVITE":
                    _ = AnswerReInviteAsync(request);
                    break;
                case "CANCEL":
                    Cancelled = request;
                    phone.Send(request.Reply(200, tag));
                    if (answer is not null) break;
                    answer = invite!.Reply(487, tag);
                    phone.Send(answer);
                    ended.TrySetResult();
                    break;
                case "BYE":
                    Byes++;
                    phone.Send(request.Reply(200, tag));
                    ended.TrySetResult();
                    break;
                case "ACK":
                    break;
                default:
                    phone.Send(request.Reply(200, tag));
                    break;
            }
        }
    }

    // RFC 3261 §14.2: one at a time; and a dialog that is over is unknown.
    private async Task AnswerReInviteAsync(SipText request)
    {
        if (phone.Thinks is { } thinks && !ended.Task.IsCompleted && !offers) await Task.Delay(thinks());
        lock (gate)
        {
            var status = ended.Task.IsCompleted ? 481 : offers ? 491 : 200;
            ReInvites.Add(status);
            phone.Send(status == 200
                ? request.Reply(200, tag, $"Contact: <sip:{phone.User}@{phone.Local}>\r\nContent-Type: application/sdp\r\n", Sdp())
                : request.Reply(status, tag));
        }
    }

    private void OnInviteResponse(SipText response)
    {
        if (response.Status == 100) trying.TrySetResult();
        if (response.Status == 180) ringing.TrySetResult();
        if (response.Status < 200) return;
        offers = false;
        Finals.Add(response.Status);
        var to = response.Header("To")!;
        if (response.Status < 300)
        {
            (remoteTarget, remote, Description) = (response.Uri("Contact")!, to, response.Body);
            phone.Send(Request("ACK", remoteTarget, Sequence(response), NewBranch(), to));
            established.TrySetResult();
            final.TrySetResult(response.Status);
            return;
        }
        phone.Send(Request("ACK", inviteUri, Sequence(response), branch, to));
        if (response.Status is 401 or 407 && !authenticated)
        {
            authenticated = true;
            var proxy = response.Status == 407;
            SendInvite(phone.Authorization(response.Header(proxy ? "Proxy-Authenticate" : "WWW-Authenticate")!, "INVITE", Target, proxy));
            return;
        }
        if (established.Task.IsCompleted) return;
        ended.TrySetResult();
        final.TrySetResult(response.Status);
    }

    private void Send(int status) => phone.Send(invite!.Reply(status, tag, $"Contact: <sip:{phone.User}@{phone.Local}>\r\n"));

    private string Request(string method, string uri, int cseq, string viaBranch, string to, string extra = "", string body = "")
    {
        var from = outgoing ? $"\"Test\" <sip:{phone.User}@{phone.Local.Address}>;tag={tag}" : Tagged(invite!.Header("To")!);
        var type = body.Length == 0 ? "" : "Content-Type: application/sdp\r\n";
        return $"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {phone.Local};rport;branch={viaBranch}\r\nMax-Forwards: 70\r\nFrom: {from}\r\nTo: {to}\r\n"
            + $"Call-ID: {CallId}\r\nCSeq: {cseq} {method}\r\n{extra}{type}Content-Length: {body.Length}\r\n\r\n{body}";
    }

    private string Tagged(string to) => to.Contains(";tag=", StringComparison.Ordinal) ? to : $"{to};tag={tag}";

    private string Sdp(string direction = "sendrecv") =>
        $"v=0\r\no=- 1 {phone.NextSequence()} IN IP4 {phone.Local.Address}\r\ns=-\r\nc=IN IP4 {phone.Local.Address}\r\nt=0 0\r\n"
        + $"m=audio {phone.MediaPort} RTP/AVP 8 101\r\na=rtcp-mux\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na={direction}\r\n";

    private static int Sequence(SipText response) => int.Parse(response.Header("CSeq")!.Split(' ')[0], CultureInfo.InvariantCulture);

    private static string NewBranch() => $"z9hG4bK{Guid.NewGuid():n}";

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
