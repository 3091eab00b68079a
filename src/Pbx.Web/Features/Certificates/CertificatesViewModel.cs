using Pbx.Core.Access;
using Pbx.Core.Certificates;
using Pbx.Core.Common;
using Pbx.Web.Shell.Fields;

namespace Pbx.Web.Features.Certificates;

/// <summary>What the page of certificates holds between the first key and the saving.</summary>
public sealed class CertificatesViewModel
{
    private readonly CertificateStore store;

    /// <summary>Shows what is set now.</summary>
    public CertificatesViewModel(CertificateStore store)
    {
        this.store = store;
        var settings = store.State.Settings;
        (Origin, CertificateFile, KeyFile, Names) = (settings.Origin, settings.CertificateFile, settings.KeyFile, Lists.ToLines(settings.Names));
    }

    /// <summary>Names and addresses, one a line.</summary>
    public string Names { get; set; }

    /// <summary>Where the certificate is to come from.</summary>
    public CertificateOrigin Origin { get; set; }

    /// <summary>Path on the server.</summary>
    public string CertificateFile { get; set; }

    /// <summary>Path on the server; empty: the key is in the other file.</summary>
    public string KeyFile { get; set; }

    /// <summary>The file chosen.</summary>
    public byte[]? Certificate { get; set; }

    /// <summary>The key's file chosen.</summary>
    public byte[]? Key { get; set; }

    /// <summary>Of the key; forgotten once it was used.</summary>
    public Secret? Password { get; set; }

    /// <summary>What was wrong with the last attempt.</summary>
    public IReadOnlyList<PbxError> Errors { get; private set; } = [];

    /// <summary>Saves the names.</summary>
    public bool SetNames(Caller caller) => Keep(store.SetNames(Lists.FromLines(Names), caller));

    /// <summary>Uses the certificate described.</summary>
    public bool Use(Caller caller)
    {
        var done = Keep(Origin switch
        {
            CertificateOrigin.Own => store.UseOwn(caller),
            CertificateOrigin.Uploaded => store.Upload(Certificate ?? [], Key, Password, caller),
            CertificateOrigin.Files => store.UseFiles(CertificateFile, KeyFile, caller),
        });
        if (done) (Certificate, Key, Password) = (null, null, null);
        return done;
    }

    private bool Keep(Result<CertificateState> result)
    {
        Errors = result.Errors;
        return result.Succeeded;
    }
}
