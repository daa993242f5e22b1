namespace Blackwall.Lab.Tools;

/// <summary>Signals the lab sends, by their Linux numbers.</summary>
public enum Signal
{
    Hangup = 1,
    Interrupt = 2,
    Kill = 9,
    HandOver = 12, // SIGUSR2
    Terminate = 15,
}
