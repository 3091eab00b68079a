using Pbx.Web.Features.Announcements;
using Pbx.Web.Features.Audit;
using Pbx.Web.Features.Certificates;
using Pbx.Web.Features.Closures;
using Pbx.Web.Features.Configuration;
using Pbx.Web.Features.Dashboard;
using Pbx.Web.Features.DialCodes;
using Pbx.Web.Features.Extensions;
using Pbx.Web.Features.Inbound;
using Pbx.Web.Features.Ivr;
using Pbx.Web.Features.Live;
using Pbx.Web.Features.Mail;
using Pbx.Web.Features.Mailboxes;
using Pbx.Web.Features.Outbound;
using Pbx.Web.Features.Prompts;
using Pbx.Web.Features.Protection;
using Pbx.Web.Features.Queues;
using Pbx.Web.Features.Records;
using Pbx.Web.Features.RingGroups;
using Pbx.Web.Features.Settings;
using Pbx.Web.Features.Sites;
using Pbx.Web.Features.Tokens;
using Pbx.Web.Features.Trunks;
using Pbx.Web.Features.Users;
using Pbx.Web.Shell;

namespace Pbx.Web.Features;

/// <summary>Every feature of the console, in the order of the menu. One line each: deleting the line and the folder removes the feature.</summary>
public static class ConsoleFeatures
{
    /// <summary>All features.</summary>
    public static IReadOnlyList<ConsoleFeature> All { get; } =
    [
        new DashboardFeature(),
        new ClosuresFeature(),
        new OwnMailboxFeature(),
        new ExtensionsFeature(),
        new IvrMenusFeature(),
        new QueuesFeature(),
        new RingGroupsFeature(),
        new AnnouncementsFeature(),
        new MailboxesFeature(),
        new DialCodesFeature(),
        new InboundRulesFeature(),
        new OutboundRulesFeature(),
        new TrunksFeature(),
        new SitesFeature(),
        new PromptsFeature(),
        new LiveFeature(),
        new RecordsFeature(),
        new MailFeature(),
        new UsersFeature(),
        new TokensFeature(),
        new AuditFeature(),
        new ProtectionFeature(),
        new ConfigurationFeature(),
        new CertificatesFeature(),
        new SettingsFeature(),
    ];
}
