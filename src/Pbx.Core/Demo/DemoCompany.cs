using System.Security.Cryptography;
using Pbx.Core.Announcements;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Extensions;
using Pbx.Core.Ivr;
using Pbx.Core.Prompts;
using Pbx.Core.Queues;
using Pbx.Core.Routing;
using Pbx.Core.Settings;
using Pbx.Core.Sites;
using Pbx.Core.Trunks;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Demo;

/// <summary>
/// A company with two sites to try the product with: standard numbers, IVR menus in French, three services each with a queue, an
/// announcement and a mailbox, office hours, French holidays and a closure. Numbers are of the ranges that France reserves for fiction.
/// </summary>
public static class DemoCompany
{
    private static readonly DemoSite[] Sites =
    [
        new("paris", "Paris", "+33199000100", 100, ["Alice Martin", "Bruno Petit", "Chloé Durand", "David Moreau", "Emma Laurent", "Farid Simon"]),
        new("lyon", "Lyon", "+33465710100", 200, ["Gaëlle Michel", "Hugo Lefebvre", "Inès Leroy", "Julien Roux", "Karim David", "Léa Bertrand"]),
    ];

    private static readonly DemoService[] Services =
    [
        new("1", "support", "le support technique", "Support"),
        new("2", "sales", "le service commercial", "Commercial"),
        new("3", "accounts", "la comptabilité", "Comptabilité"),
    ];

    /// <summary>The changes that make it on an empty system; passwords and PINs are new at each call.</summary>
    public static IReadOnlyList<Change> Create()
    {
        List<IConfigObject> items = [new SystemSettings { CompanyName = "Société Démo", Mail = new MailSettings { From = "standard@demo.example" } }];
        foreach (var site in Sites) items.AddRange(CreateSite(site));
        items.AddRange(CreateOutside());
        return [.. items.Select(item => new Change.Put(item))];
    }

    private static IEnumerable<IConfigObject> CreateSite(DemoSite site)
    {
        yield return Spoken($"{site.Key}-welcome", $"Accueil {site.Name}",
            $"Bonjour et bienvenue à la Société Démo, agence de {site.Name}. "
            + string.Join(" ", Services.Select(s => $"Pour {s.Spoken}, tapez {s.Digit}.")));
        yield return Spoken($"{site.Key}-closed", $"Fermé {site.Name}",
            $"Nos bureaux de {site.Name} sont actuellement fermés. Ils sont ouverts du lundi au vendredi, de neuf heures à dix-huit heures. "
            + "Vous pouvez laisser un message après le signal sonore.");
        yield return Spoken($"{site.Key}-closure", $"Fermeture exceptionnelle {site.Name}",
            $"Notre agence de {site.Name} est exceptionnellement fermée. Merci de rappeler plus tard ou de laisser un message.");
        yield return Spoken($"{site.Key}-waiting", $"Attente {site.Name}",
            "Tous nos conseillers sont en ligne. Merci de patienter, nous allons vous répondre.");
        yield return new Site
        {
            Key = site.Key, Name = site.Name, StandardNumber = site.Number, PublicHolidays = PublicHolidays.France,
            OfficeHours = Week(), ClosurePrompt = $"{site.Key}-closure", ClosureMailbox = $"{site.Key}-general",
            DefaultDestination = new(DestinationKind.Mailbox, $"{site.Key}-general"),
        };
        yield return new Mailbox { Key = $"{site.Key}-general", Name = $"Messagerie générale {site.Name}", Site = site.Key, Pin = NewPin(),
            MailExtensions = [Extension(site, 0)] };
        yield return new Announcement { Key = $"{site.Key}-closed", Name = $"Répondeur fermeture {site.Name}", Site = site.Key,
            Prompt = $"{site.Key}-closed", Next = new(DestinationKind.Mailbox, $"{site.Key}-general") };
        for (var person = 0; person < site.People.Length; person++)
            foreach (var item in CreatePerson(site, person)) yield return item;
        for (var service = 0; service < Services.Length; service++)
            foreach (var item in CreateService(site, service)) yield return item;
        yield return new IvrMenu
        {
            Key = $"{site.Key}-menu", Name = $"SVI {site.Name}", Number = $"{site.FirstNumber + 700}", Site = site.Key, Prompt = $"{site.Key}-welcome",
            Keys = Services.Select((s, i) => new IvrKey(s.Digit, Queue(site, i), s.Title)).ToValueList(), DialNumbers = true,
            OnTimeout = Queue(site, 0), OnInvalid = Queue(site, 0),
        };
        yield return new InboundRule
        {
            Key = $"{site.Key}-standard", Name = $"Standard {site.Name}", Site = site.Key, Called = site.Number,
            Open = new(DestinationKind.IvrMenu, $"{site.Key}-menu"),
            TimeRoutes = new TimeRoutes { Closed = new(DestinationKind.Announcement, $"{site.Key}-closed"), Break = new(DestinationKind.Announcement, $"{site.Key}-closed") },
        };
    }

    private static IEnumerable<IConfigObject> CreatePerson(DemoSite site, int person)
    {
        var number = Extension(site, person);
        yield return new Mailbox { Key = number, Name = $"Messagerie de {site.People[person]}", Site = site.Key, Pin = NewPin(), MailExtensions = [number] };
        yield return new Extension
        {
            Key = number, Name = site.People[person], Number = number, Site = site.Key, Mailbox = number, FollowsOfficeHours = true,
            Email = $"poste{number}@demo.example", PresentedNumber = site.Number,
            // Any softphone can try it, one that knows no TLS too; extensions that people make themselves are encrypted only.
            Security = CallSecurity.Preferred,
            Devices = [new Device { Key = "phone", Name = "Téléphone", UserName = number, Password = NewPassword() }],
        };
    }

    private static IEnumerable<IConfigObject> CreateService(DemoSite site, int service)
    {
        var (key, title) = ($"{site.Key}-{Services[service].Key}", $"{Services[service].Title} {site.Name}");
        yield return Spoken($"{key}-busy", $"Répondeur {title}",
            $"Aucun conseiller n'a pu vous répondre. Laissez votre message pour {Services[service].Spoken} après le signal sonore.");
        yield return new Mailbox { Key = key, Name = $"Messagerie {title}", Site = site.Key, Pin = NewPin(), MailQueues = [key] };
        yield return new Announcement { Key = $"{key}-busy", Name = $"Répondeur {title}", Site = site.Key, Prompt = $"{key}-busy",
            Next = new(DestinationKind.Mailbox, key) };
        yield return new Queue
        {
            Key = key, Name = title, Number = $"{site.FirstNumber + 710 + service}", Site = site.Key,
            Agents = [new(Extension(site, service * 2)), new(Extension(site, service * 2 + 1))],
            WaitingPrompt = $"{site.Key}-waiting", OnNoAnswer = new(DestinationKind.Announcement, $"{key}-busy"),
        };
    }

    // A provider on this machine, so that a second softphone or a test tool can call in from 127.0.0.2 without an account anywhere.
    private static IEnumerable<IConfigObject> CreateOutside()
    {
        yield return new Trunk
        {
            Key = "demo-provider", Name = "Opérateur de démonstration", Site = Sites[0].Key, Host = "127.0.0.2", Port = 5060,
            SourceAddresses = ["127.0.0.2/32"], Numbers = Sites.Select(s => s.Number).ToValueList(), QualifySeconds = 0,
        };
        yield return new OutboundRule { Key = "france", Name = "France", Pattern = "0ZXXXXXXXX", Steps = [new OutboundStep { Trunk = "demo-provider", Strip = 1, Prepend = "+33" }] };
        yield return new OutboundRule { Key = "international", Name = "International", Pattern = "00*", Priority = 200,
            Steps = [new OutboundStep { Trunk = "demo-provider", Strip = 2, Prepend = "+" }] };
    }

    private static ValueList<OfficeInterval> Week()
    {
        DayOfWeek[] days = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];
        return days.SelectMany(day => new OfficeInterval[]
        {
            new(day, new TimeOnly(9, 0), new TimeOnly(18, 0)), new(day, new TimeOnly(12, 30), new TimeOnly(13, 30), IntervalKind.Break),
        }).ToValueList();
    }

    private static Prompt Spoken(string key, string name, string text) => new() { Key = key, Name = name, Text = text, Spoken = true };

    private static string Extension(DemoSite site, int person) => $"{site.FirstNumber + 1 + person}";

    private static Destination Queue(DemoSite site, int service) => new(DestinationKind.Queue, $"{site.Key}-{Services[service].Key}");

    private static Secret NewPassword() => new(RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 20));

    private static Secret NewPin() => new(RandomNumberGenerator.GetString("0123456789", 6));

    private sealed record DemoSite(string Key, string Name, string Number, int FirstNumber, string[] People);

    private sealed record DemoService(string Digit, string Key, string Spoken, string Title);
}
