namespace Blackwall.Logging;

/// <summary>How log entries are written.</summary>
public enum LogFormat
{
    /// <summary>One line for a person: time, level, feature, message.</summary>
    Text = 0,

    /// <summary>One JSON object a line, with each value as a field.</summary>
    Json = 1,

    /// <summary>Entries of systemd's journal with each value as a field.</summary>
    Journald = 2,
}
