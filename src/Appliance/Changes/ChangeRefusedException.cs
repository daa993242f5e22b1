namespace Blackwall.Changes;

/// <summary>A step of a change that cannot be; the message says why, for a person.</summary>
public sealed class ChangeRefusedException : Exception
{
    public ChangeRefusedException()
    {
    }

    public ChangeRefusedException(string message)
        : base(message)
    {
    }

    public ChangeRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ChangeRefusedException(IReadOnlyList<(string Field, string Sentence)> refusals)
        : base("The change would lock somebody out or cannot be made.") => Refusals = refusals;

    /// <summary>Fields of the change with what is wrong with each; may be empty.</summary>
    public IReadOnlyList<(string Field, string Sentence)> Refusals { get; } = [];
}
