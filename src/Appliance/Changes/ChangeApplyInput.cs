
namespace Blackwall.Changes;

/// <summary>How long a change is tried.</summary>
/// <param name="ConfirmWithinSeconds">5..3600; 60 without it. Without a confirmation in this time the kernel takes the change back by itself.</param>
public sealed record ChangeApplyInput(long? ConfirmWithinSeconds);
