namespace Blackwall.Config;

/// <summary>What a reload did.</summary>
/// <param name="Changed">Settings that have another value now, "section.key".</param>
/// <param name="Waiting">Settings whose new value needs a restart or a hand-over.</param>
/// <param name="Errors">Why nothing was changed, or what could not be taken up.</param>
public sealed record ReloadResult(IReadOnlyList<string> Changed, IReadOnlyList<string> Waiting, IReadOnlyList<string> Errors);
