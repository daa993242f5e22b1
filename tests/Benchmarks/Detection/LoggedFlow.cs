namespace Blackwall.Benchmarks.Detection;

/// <summary>One line of a flow log.</summary>
/// <param name="At">Seconds since 1970, or since the capture began.</param>
/// <param name="Protocol">tcp or udp, or what is passed over.</param>
/// <param name="Source">Who opened it.</param>
/// <param name="SourcePort">Its port.</param>
/// <param name="Target">The other end.</param>
/// <param name="Port">Its port.</param>
/// <param name="Seconds">From the first packet to the last.</param>
/// <param name="Up">Payload bytes of the source.</param>
/// <param name="Down">Payload bytes of the target.</param>
/// <param name="Answered">Whether the handshake was completed.</param>
/// <param name="Refused">Whether a reset ended it, and when that never was.</param>
internal sealed record LoggedFlow(
    double At,
    string Protocol,
    string Source,
    int SourcePort,
    string Target,
    int Port,
    double Seconds,
    long Up,
    long Down,
    bool Answered,
    bool Refused);
