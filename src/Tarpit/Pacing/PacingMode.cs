namespace Blackwall.Tarpit.Pacing;

/// <summary>How slowly the output of programs comes.</summary>
internal enum PacingMode
{
    /// <summary>As fast as the client takes it.</summary>
    Off,

    /// <summary>Slower the longer a session lasts, and never so slow that a command seems to hang.</summary>
    Gentle,

    /// <summary>In drops, up to half a minute apart.</summary>
    Full,
}
