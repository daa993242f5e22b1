namespace Blackwall.Notifications;

/// <summary>A notification was not taken; the message says why and what to look at.</summary>
internal sealed class NotifyException : Exception
{
    public NotifyException()
    {
    }

    public NotifyException(string message)
        : base(message)
    {
    }

    public NotifyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
