namespace Blackwall.Changes;

/// <summary>A change took a step.</summary>
public sealed class ChangeMovedEventArgs(PolicyChange change) : EventArgs
{
    public PolicyChange Change { get; } = change;
}
