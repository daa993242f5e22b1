namespace Blackwall.Storage;

/// <summary>The state folder was written by a newer version of the appliance; this one does not touch it.</summary>
public sealed class NewerStateException : Exception
{
    public NewerStateException()
    {
    }

    public NewerStateException(string message)
        : base(message)
    {
    }

    public NewerStateException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
