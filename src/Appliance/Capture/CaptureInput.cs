using System.ComponentModel.DataAnnotations;

namespace Blackwall.Capture;

/// <summary>A capture that the operator wants.</summary>
/// <param name="Address">Address or prefix whose packets are captured, both directions.</param>
/// <param name="Seconds">For how long, 1..3,600; 60 without it.</param>
public sealed record CaptureInput([property: Required] string? Address, long? Seconds);
