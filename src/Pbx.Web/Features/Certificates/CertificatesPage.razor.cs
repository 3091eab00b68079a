using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using MudBlazor;
using Pbx.Core.Access;
using Pbx.Core.Certificates;
using Pbx.Web.Shell.Editing;

namespace Pbx.Web.Features.Certificates;

/// <summary>Which certificate serves, its root for phones, and the ways to another one.</summary>
public sealed partial class CertificatesPage
{
    private const long LargestFile = 1 << 20;

    private CertificatesViewModel model = null!;
    private Caller? caller;
    private bool mayChange;

    [Inject] private CertificateStore Store { get; set; } = null!;

    [Inject] private IConfigurationDoor Door { get; set; } = null!;

    [Inject] private ISnackbar Snackbar { get; set; } = null!;

    private CertificateState State => Store.State;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        model = new CertificatesViewModel(Store);
        caller = await Door.CallerAsync();
        mayChange = caller.May(Permission.ChangeConfiguration);
        Keep(Store.Subscribe(_ => Poke()));
    }

    private void Do(Func<Caller, bool> action)
    {
        if (action(caller!)) Snackbar.Add(L.CertificateServesNow, Severity.Success);
        else if (model.Origin == State.Settings.Origin && model.Errors.Count > 0) Snackbar.Add(string.Join(' ', model.Errors.Select(L.Error)), Severity.Error);
    }

    private async Task ReadCertificateAsync(InputFileChangeEventArgs args) => model.Certificate = await ReadAsync(args.File);

    private async Task ReadKeyAsync(InputFileChangeEventArgs args) => model.Key = await ReadAsync(args.File);

    private static async Task<byte[]> ReadAsync(IBrowserFile file)
    {
        if (file.Size > LargestFile) return [];
        using var content = new MemoryStream();
        await file.OpenReadStream(LargestFile).CopyToAsync(content);
        return content.ToArray();
    }
}
