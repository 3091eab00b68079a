using Pbx.Core.Announcements;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Ivr;
using Pbx.Core.Prompts;
using Pbx.Core.Queues;
using Pbx.Core.Routing;
using Pbx.Core.Settings;
using Pbx.Core.Sites;
using Pbx.Core.Trunks;
using Pbx.Core.Voicemail;

namespace Pbx.Scenarios;

/// <summary>
/// The reference company, small: one site whose number leads to a menu, whose key 2 leads to a queue of two agents, then announcement,
/// then mailbox. The provider is whoever calls from 127.0.0.2.
/// </summary>
public static class Company
{
    /// <summary>The standard number.</summary>
    public const string Number = "+33199000100";

    /// <summary>The password of every device.</summary>
    public const string Password = "s3cret-of-the-phones";

    /// <summary>The PIN of every mailbox.</summary>
    public const string Pin = "271828";

    /// <summary>All objects, with a queue that rings each agent for <paramref name="ringSeconds"/> and keeps callers <paramref name="maxWaitSeconds"/>.</summary>
    public static IReadOnlyList<IConfigObject> Create(int smtpPort = 25, int ringSeconds = 5, int maxWaitSeconds = 12) =>
    [
        new SystemSettings
        {
            CompanyName = "Essai", DrainSeconds = 2,
            Mail = new MailSettings { Host = "127.0.0.1", Port = smtpPort, Security = MailSecurity.None, From = "standard@essai.test" },
        },
        Spoken("welcome", "Bonjour et bienvenue chez Essai. Pour le secrétariat, tapez 1. Pour le support technique, tapez 2. Pour la comptabilité, tapez 3."),
        Spoken("busy", "Aucun de nos conseillers ne peut vous répondre en ce moment. Laissez votre message après le signal."),
        Spoken("closed", "Nos bureaux sont fermés. Ils ouvrent du lundi au vendredi, de neuf heures à dix-huit heures."),
        Spoken("closure", "Par exception, notre agence est fermée aujourd'hui. Merci de rappeler demain matin."),
        Spoken("holiday", "C'est un jour férié. Toute l'équipe vous souhaite une excellente journée."),
        Spoken("pause", "C'est la pause de midi. Rappelez-nous à partir de quatorze heures, s'il vous plaît."),
        new Site
        {
            Key = "paris", Name = "Paris", StandardNumber = Number, ClosurePrompt = "closure", ClosureMailbox = "general",
            DefaultDestination = new(DestinationKind.Mailbox, "general"),
        },
        new Mailbox { Key = "general", Name = "Générale", Number = "890", Site = "paris", Pin = new Secret(Pin), MailAddresses = ["general@essai.test"] },
        new Mailbox { Key = "support", Name = "Support", Number = "891", Site = "paris", Pin = new Secret(Pin), MailQueues = ["support"] },
        Announcement("support-busy", "busy", new(DestinationKind.Mailbox, "support")),
        Announcement("closed", "closed", Destination.HangUp),
        Announcement("pause", "pause", Destination.HangUp),
        Announcement("holiday", "holiday", Destination.HangUp),
        .. Extension("101", "Alice"), .. Extension("102", "Bruno"), .. Extension("103", "Chloé"),
        new Queue
        {
            Key = "support", Name = "Support", Number = "801", Site = "paris", Agents = [new("101"), new("102")], RingSeconds = ringSeconds,
            MaxWaitSeconds = maxWaitSeconds, OnNoAnswer = new(DestinationKind.Announcement, "support-busy"),
        },
        new IvrMenu
        {
            Key = "main", Name = "Accueil", Number = "800", Site = "paris", Prompt = "welcome", DialNumbers = true,
            Keys = [new("1", new(DestinationKind.Extension, "103")), new("2", new(DestinationKind.Queue, "support")), new("3", new(DestinationKind.Announcement, "closed"))],
        },
        new Trunk { Key = "provider", Name = "Opérateur", Site = "paris", Host = "127.0.0.2", Port = 5060, SourceAddresses = ["127.0.0.2/32"], Numbers = [Number], QualifySeconds = 0 },
        new InboundRule
        {
            Key = "standard", Name = "Standard", Site = "paris", Called = Number, Open = new(DestinationKind.IvrMenu, "main"),
            TimeRoutes = new TimeRoutes
            {
                Closed = new(DestinationKind.Announcement, "closed"), Break = new(DestinationKind.Announcement, "pause"),
                Holiday = new(DestinationKind.Announcement, "holiday"),
            },
        },
    ];

    private static Prompt Spoken(string key, string text) => new() { Key = key, Name = key, Text = text, Spoken = true };

    private static Announcement Announcement(string key, string prompt, Destination next) =>
        new() { Key = key, Name = key, Site = "paris", Prompt = prompt, Next = next };

    private static IConfigObject[] Extension(string number, string name) =>
    [
        new Mailbox { Key = number, Name = name, Site = "paris", Pin = new Secret(Pin), MailExtensions = [number] },
        new Extension
        {
            Key = number, Name = name, Number = number, Site = "paris", Mailbox = number, Email = $"agent{number}@essai.test", RingSeconds = 15,
            // sipp and the phones that are not about encryption speak in clear; what is, says so.
            Security = CallSecurity.ClearAllowed,
            Devices = [new Device { Key = "phone", UserName = number, Password = new Secret(Password) }],
        },
    ];
}
