using Pbx.Core.Mail;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Messages;

/// <summary>A message and its mails: one line of the spool, so that neither is ever there without the other.</summary>
internal sealed record KeptMessage(NewMessage Message, IReadOnlyList<MailJob> Mails);

/// <summary>What was done to a message: a line of the spool.</summary>
internal sealed record MarkedMessage(string Mailbox, Guid Message, MessageMark Mark, DateTimeOffset At);
