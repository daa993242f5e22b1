namespace Blackwall.Api.Settings;

/// <summary>What a reload of the configuration changed.</summary>
/// <param name="Changed">Settings that have another value now, "section.key".</param>
/// <param name="Waiting">Settings whose new value needs a restart or a hand-over.</param>
/// <param name="Faults">What could not be taken up; the former state stands there.</param>
public sealed record ReloadBody(IReadOnlyList<string> Changed, IReadOnlyList<string> Waiting, IReadOnlyList<string> Faults);
