using MudBlazor;
using Pbx.Core.Common;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Prompts;

/// <summary>The console's feature for prompts.</summary>
public sealed class PromptsFeature() : ObjectKindFeature(ObjectKind.Prompt, MenuGroup.Audio, Icons.Material.Outlined.GraphicEq);
