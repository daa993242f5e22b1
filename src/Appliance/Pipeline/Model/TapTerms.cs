namespace Blackwall.Pipeline.Model;

/// <summary>How much of a source is tapped; the kernel holds to it by itself.</summary>
/// <param name="For">How long from now.</param>
/// <param name="PacketsPerSecond">At most; a second's worth may come at once. 1..1,000,000.</param>
/// <param name="SnapLength">Bytes kept of each packet, 64..65,535.</param>
public readonly record struct TapTerms(TimeSpan For, int PacketsPerSecond, int SnapLength);
