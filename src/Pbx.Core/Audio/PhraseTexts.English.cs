using Pbx.Core.CallFlow;

namespace Pbx.Core.Audio;

internal static partial class PhraseTexts
{
    private static readonly string[] EnglishUnits =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] EnglishTens = ["", "", "twenty", "thirty", "forty", "fifty"];

    private static Words English { get; } = new(
        new Dictionary<string, string>
        {
            [Phrases.StandardGreeting] = "The person you are calling is not available. Please leave a message after the tone.",
            [Phrases.MailboxFull] = "This mailbox is full. Please call again later.",
            [Phrases.InvalidKey] = "This choice is not valid.",
            [Phrases.EnterPin] = "Please enter your PIN, followed by the hash key.",
            [Phrases.WrongPin] = "Wrong PIN.",
            [Phrases.NoMessages] = "You have no messages.",
            [Phrases.MessagesCount] = "messages.",
            [Phrases.MailboxMenu] = "To hear your messages, press 1. To record your greeting, press 2.",
            [Phrases.MessageMenu] = "To hear it again, press 1. For the next message, press 2. To save it, press 3. To delete it, press 7. "
                + "To call back, press 8. To finish, press star.",
            [Phrases.MessageDeleted] = "Message deleted.",
            [Phrases.MessageSaved] = "Message saved.",
            [Phrases.Goodbye] = "Goodbye.",
            [Phrases.AgentLoggedIn] = "You are logged in to your queues.",
            [Phrases.AgentLoggedOut] = "You are logged out of your queues.",
            [Phrases.NoQueues] = "You are not an agent of any queue.",
            [Phrases.ClosureOn] = "The exceptional closure is on.",
            [Phrases.ClosureOff] = "The exceptional closure is off.",
            [Phrases.ClosureUntil] = "The exceptional closure is on until",
            [Phrases.EnterEndTime] = "Please enter the end time as four digits, hours and minutes.",
            [Phrases.InvalidTime] = "This is not a valid time.",
            [Phrases.Failed] = "This did not work. Please try again later.",
            [Phrases.YourNumberIs] = "Your number is",
            [Phrases.EchoIntro] = "Echo test. Everything you say is played back to you.",
            [Phrases.RecordAfterTone] = "Speak after the tone, then press the hash key.",
            [Phrases.RecordingMenu] = "To listen, press 1. To save, press 2. To record again, press 3.",
            [Phrases.Saved] = "Saved.",
            [Phrases.NotAllowed] = "You are not allowed to do this.",
            [Phrases.NumberUnknown] = "The number you have dialled is not in service.",
            [Phrases.Unavailable] = "The person you are calling cannot be reached at the moment.",
            [Phrases.OutboundRefused] = "You are not allowed to call this number.",
            [Phrases.OutboundLimit] = "The limit of your calls to the outside is reached. Emergency numbers can still be called.",
            [Phrases.MessageFrom] = "Message from",
            [Phrases.ReceivedAt] = "received at",
        },
        "star", "hash", "hours", "o'clock", EnglishNumber, EnglishNumber);

    private static string EnglishNumber(int number) => number < EnglishUnits.Length ? EnglishUnits[number]
        : number % 10 == 0 ? EnglishTens[number / 10] : $"{EnglishTens[number / 10]}-{EnglishUnits[number % 10]}";
}
