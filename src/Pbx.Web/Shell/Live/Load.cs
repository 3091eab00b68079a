namespace Pbx.Web.Shell.Live;

/// <summary>How far a page's data is.</summary>
public enum LoadState
{
    /// <summary>On its way.</summary>
    Loading,
    /// <summary>Here.</summary>
    Ready,
    /// <summary>Here, and there is none.</summary>
    Empty,
    /// <summary>Not allowed.</summary>
    Denied,
    /// <summary>Not to be had now.</summary>
    Failed,
}

/// <summary>A page's data and how far it is; <c>LoadView</c> shows each case the same on every page.</summary>
public sealed record Load<T>(LoadState State, T? Value, string Reason = "")
{
    /// <summary>Still loading.</summary>
    public static Load<T> Loading { get; } = new(LoadState.Loading, default);

    /// <summary>Loaded.</summary>
    public static Load<T> Ready(T value) => new(LoadState.Ready, value);

    /// <summary>Loaded, nothing there.</summary>
    public static Load<T> Empty { get; } = new(LoadState.Empty, default);

    /// <summary>Could not be loaded.</summary>
    public static Load<T> Failed(string reason) => new(LoadState.Failed, default, reason);
}
