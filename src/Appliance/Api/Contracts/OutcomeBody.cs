namespace Blackwall.Api.Contracts;

/// <summary>In place of an empty answer, when a change was made and is not all that it should be yet.</summary>
/// <param name="Enforced">Whether the wall acts on the change; when not, it will as soon as it can.</param>
public sealed record OutcomeBody(bool Enforced) : IStorable
{
    /// <summary>Whether the change is on the disk; when not, it is tried until it is.</summary>
    public bool Stored { get; set; } = true;
}
