using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Core.Voicemail;

namespace Pbx.Core.CallFlow;

/// <summary>What a call's machine can ask for: the closed set that engine and simulator carry out. Commands are data.</summary>
public abstract record CallAction
{
    /// <summary>Answer the caller (200).</summary>
    public sealed record Answer : CallAction;

    /// <summary>Tell the caller that it rings: 180 before an answer, ringback as RTP after one.</summary>
    public sealed record Ringback : CallAction;

    /// <summary>Relay the sound that a leg sends before it answers (183).</summary>
    public sealed record RelayEarlyMedia(LegId Leg) : CallAction;

    /// <summary>
    /// Play to a leg, replacing what it plays; its end is reported as <see cref="CallInput.PlayEnded"/> unless it loops or is replaced
    /// or stopped. <paramref name="Number"/> numbers the plays of a call.
    /// </summary>
    public sealed record Play(LegId Leg, int Number, ValueList<Sound> Sounds, bool Loop = false) : CallAction;

    /// <summary>Stop what a leg plays.</summary>
    public sealed record StopPlay(LegId Leg) : CallAction;

    /// <summary>Start a timer; one of the same kind that runs is replaced.</summary>
    public sealed record StartTimer(CallTimer Timer, TimeSpan After) : CallAction;

    /// <summary>Stop a timer.</summary>
    public sealed record StopTimer(CallTimer Timer) : CallAction;

    /// <summary>Ring a new leg.</summary>
    public sealed record Dial(LegId Leg, DialTarget Target, string CallerNumber, string CallerName) : CallAction;

    /// <summary>Cancel a leg that was dialled and not answered; <paramref name="AnsweredElsewhere"/> puts that reason into it (RFC 3326).</summary>
    public sealed record CancelLeg(LegId Leg, bool AnsweredElsewhere) : CallAction;

    /// <summary>Hang up an answered leg other than the caller's.</summary>
    public sealed record HangUpLeg(LegId Leg) : CallAction;

    /// <summary>Connect the caller with an answered leg.</summary>
    public sealed record Bridge(LegId Leg) : CallAction;

    /// <summary>Send the caller's sound back to it (echo test).</summary>
    public sealed record Echo : CallAction;

    /// <summary>Record what the caller says, to disk as it comes.</summary>
    /// <param name="Recording">Numbers the recordings of a call.</param>
    /// <param name="For">The mailbox or prompt that it is for.</param>
    /// <param name="MaxSeconds">Longest.</param>
    /// <param name="SilenceSeconds">Silence that ends it; 0: none does.</param>
    /// <param name="EndKeys">Keys that end it.</param>
    public sealed record Record(int Recording, ObjectRef For, int MaxSeconds, int SilenceSeconds, string EndKeys) : CallAction;

    /// <summary>End the recording that runs.</summary>
    public sealed record StopRecording : CallAction;

    /// <summary>Keep the finished recording as a message of the mailbox, which also mails it.</summary>
    public sealed record KeepMessage(int Recording, string Mailbox) : CallAction;

    /// <summary>Keep the finished recording as the greeting of a mailbox or as a prompt. Answered by <see cref="CallInput.ChangeDone"/>.</summary>
    public sealed record KeepPrompt(int Recording, ObjectRef For) : CallAction;

    /// <summary>Throw the finished recording away.</summary>
    public sealed record DiscardRecording(int Recording) : CallAction;

    /// <summary>
    /// Enter a queue. <paramref name="Join"/> numbers the call's entries from 1, so that what an earlier queue still says can be told
    /// from what this one says; it goes with <see cref="QueueInput.CallerJoined"/> and comes back in each queue input.
    /// </summary>
    public sealed record JoinQueue(string Queue, int Join = 0) : CallAction;

    /// <summary>
    /// Leave the queue (exit key, hang-up, moved on), or the end of the talk with its agent, whose wrap-up begins: in both cases
    /// <see cref="QueueInput.CallerLeft"/>.
    /// </summary>
    public sealed record LeaveQueue : CallAction;

    /// <summary>Tell the queue how an offer ended.</summary>
    public sealed record ReportOffer(string Agent, OfferOutcome Outcome) : CallAction;

    /// <summary>Read a mailbox's messages; answered by <see cref="CallInput.MessagesLoaded"/>.</summary>
    public sealed record LoadMessages(string Mailbox) : CallAction;

    /// <summary>Mark a message.</summary>
    public sealed record MarkMessage(string Mailbox, Guid Message, MessageMark Mark) : CallAction;

    /// <summary>Switch a site's closure; answered by <see cref="CallInput.ChangeDone"/>.</summary>
    public sealed record SwitchClosure(string Site, bool On, DateTimeOffset? Until, string By) : CallAction;

    /// <summary>Log an extension in to its queues or out; answered by <see cref="CallInput.ChangeDone"/>.</summary>
    public sealed record SwitchAgent(string Extension, bool LoggedIn) : CallAction;

    /// <summary>End the call: BYE, or the final response that fits the cause when it was not answered.</summary>
    public sealed record HangUp(HangUpCause Cause) : CallAction;

    /// <summary>Tell the administrators.</summary>
    public sealed record Alert(AlertKind Kind, string Subject, string Detail) : CallAction;

    /// <summary>Write into the call record.</summary>
    public sealed record Note(JourneyStep Step) : CallAction;
}

/// <summary>What to ring.</summary>
public abstract record DialTarget
{
    /// <summary>All registered devices of an extension.</summary>
    public sealed record ToExtension(string Extension) : DialTarget;

    /// <summary>
    /// A number through a trunk; <paramref name="TimeoutSeconds"/> is how long to wait for any answer but 100, and
    /// <paramref name="LastResort"/> uses it although it is full or seems to be down.
    /// </summary>
    public sealed record ToTrunk(string Trunk, string Number, string PresentedNumber, int TimeoutSeconds, bool LastResort = false) : DialTarget;
}

/// <summary>Something to play.</summary>
public abstract record Sound
{
    /// <summary>A prompt of the library.</summary>
    public sealed record OfPrompt(string Key) : Sound;

    /// <summary>A sentence that the product brings, in a language; <paramref name="Name"/> is from <see cref="Phrases"/>.</summary>
    public sealed record OfPhrase(string Name, string Language) : Sound;

    /// <summary>Digits, spoken one by one.</summary>
    public sealed record OfDigits(string Digits, string Language) : Sound;

    /// <summary>A time of day or a date and time, spoken, already in local time.</summary>
    public sealed record OfTime(DateTime Local, string Language) : Sound;

    /// <summary>A count, spoken.</summary>
    public sealed record OfCount(int Count, string Language) : Sound;

    /// <summary>A call-progress tone.</summary>
    public sealed record OfTone(Tone Tone) : Sound;

    /// <summary>The system's built-in music on hold.</summary>
    public sealed record OfMusic : Sound;

    /// <summary>A recorded message.</summary>
    public sealed record OfMessage(string Mailbox, Guid Message) : Sound;

    /// <summary>A recording of this call that was just made.</summary>
    public sealed record OfRecording(int Recording) : Sound;

    /// <summary>Silence.</summary>
    public sealed record OfSilence(int Milliseconds) : Sound;
}

/// <summary>Call-progress tones; their frequencies are the country's (ITU-T E.180).</summary>
public enum Tone
{
    /// <summary>Ringing at the far end.</summary>
    Ringback,
    /// <summary>Busy.</summary>
    Busy,
    /// <summary>Congestion, or no such number.</summary>
    Congestion,
    /// <summary>The beep before a recording.</summary>
    Beep,
}

/// <summary>The sentences that the product brings in each language.</summary>
public static class Phrases
{
    /// <summary>All names; each has a text in every language of the product.</summary>
    public static ValueList<string> All { get; } =
    [
        StandardGreeting, MailboxFull, InvalidKey, EnterPin, WrongPin, NoMessages, MessagesCount, MailboxMenu, MessageMenu, MessageDeleted,
        MessageSaved, Goodbye, AgentLoggedIn, AgentLoggedOut, NoQueues, ClosureOn, ClosureOff, ClosureUntil, EnterEndTime, InvalidTime,
        Failed, YourNumberIs, EchoIntro, RecordAfterTone, RecordingMenu, Saved, NotAllowed, NumberUnknown, Unavailable, MessageFrom, ReceivedAt,
        OutboundRefused, OutboundLimit,
    ];

    /// <summary>"Please leave a message after the tone."</summary>
    public const string StandardGreeting = "standard-greeting";
    /// <summary>"This mailbox is full."</summary>
    public const string MailboxFull = "mailbox-full";
    /// <summary>"This choice is not valid."</summary>
    public const string InvalidKey = "invalid-key";
    /// <summary>"Enter your PIN, then hash."</summary>
    public const string EnterPin = "enter-pin";
    /// <summary>"Wrong PIN."</summary>
    public const string WrongPin = "wrong-pin";
    /// <summary>"You have no messages."</summary>
    public const string NoMessages = "no-messages";
    /// <summary>Follows a count: "messages."</summary>
    public const string MessagesCount = "messages-count";
    /// <summary>"1 to hear your messages, 2 to record your greeting."</summary>
    public const string MailboxMenu = "mailbox-menu";
    /// <summary>"1 again, 2 next, 3 save, 7 delete, 8 call back, star to end."</summary>
    public const string MessageMenu = "message-menu";
    /// <summary>"Message deleted."</summary>
    public const string MessageDeleted = "message-deleted";
    /// <summary>"Message saved."</summary>
    public const string MessageSaved = "message-saved";
    /// <summary>"Goodbye."</summary>
    public const string Goodbye = "goodbye";
    /// <summary>"You are logged in to your queues."</summary>
    public const string AgentLoggedIn = "agent-logged-in";
    /// <summary>"You are logged out of your queues."</summary>
    public const string AgentLoggedOut = "agent-logged-out";
    /// <summary>"You are in no queue."</summary>
    public const string NoQueues = "no-queues";
    /// <summary>"The exceptional closure is on."</summary>
    public const string ClosureOn = "closure-on";
    /// <summary>"The exceptional closure is off."</summary>
    public const string ClosureOff = "closure-off";
    /// <summary>Followed by a time: "The exceptional closure is on until".</summary>
    public const string ClosureUntil = "closure-until";
    /// <summary>"Enter the end as four digits, hours and minutes."</summary>
    public const string EnterEndTime = "enter-end-time";
    /// <summary>"This is no valid time."</summary>
    public const string InvalidTime = "invalid-time";
    /// <summary>"This did not work. Please try later."</summary>
    public const string Failed = "failed";
    /// <summary>Followed by digits: "Your number is".</summary>
    public const string YourNumberIs = "your-number-is";
    /// <summary>"Everything you say now is played back to you."</summary>
    public const string EchoIntro = "echo-intro";
    /// <summary>"Record after the tone, then press hash."</summary>
    public const string RecordAfterTone = "record-after-tone";
    /// <summary>"1 to hear, 2 to save, 3 to record again."</summary>
    public const string RecordingMenu = "recording-menu";
    /// <summary>"Saved."</summary>
    public const string Saved = "saved";
    /// <summary>"You are not allowed to do this."</summary>
    public const string NotAllowed = "not-allowed";
    /// <summary>"The number you have dialled is not known."</summary>
    public const string NumberUnknown = "number-unknown";
    /// <summary>"The person you are calling cannot be reached."</summary>
    public const string Unavailable = "unavailable";
    /// <summary>"You may not call this number."</summary>
    public const string OutboundRefused = "outbound-refused";
    /// <summary>"The limit of calls outside is reached; emergency numbers can be called."</summary>
    public const string OutboundLimit = "outbound-limit";
    /// <summary>Followed by digits: "Message from".</summary>
    public const string MessageFrom = "message-from";
    /// <summary>Followed by a time: "received at".</summary>
    public const string ReceivedAt = "received-at";
}

/// <summary>How an offer to an agent ended.</summary>
public enum OfferOutcome
{
    /// <summary>Answered and bridged.</summary>
    Answered,
    /// <summary>Rang out.</summary>
    NoAnswer,
    /// <summary>Rejected.</summary>
    Rejected,
    /// <summary>Busy.</summary>
    Busy,
    /// <summary>Could not be rung.</summary>
    Failed,
}

/// <summary>How a call ends; before an answer each gives a final response.</summary>
public enum HangUpCause
{
    /// <summary>Normal (BYE; unanswered: 480).</summary>
    Normal,
    /// <summary>Busy (486).</summary>
    Busy,
    /// <summary>No answer or unavailable (480).</summary>
    Unavailable,
    /// <summary>Rejected (603).</summary>
    Rejected,
    /// <summary>No such number (404).</summary>
    NotFound,
    /// <summary>Not allowed (403).</summary>
    Forbidden,
    /// <summary>No common codec (488).</summary>
    Incompatible,
    /// <summary>Out of resources or trunks (503).</summary>
    Congestion,
}
