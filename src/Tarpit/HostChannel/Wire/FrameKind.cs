namespace Blackwall.Tarpit.HostChannel.Wire;

/// <summary>Messages between the host and the process that runs the tarpit. Below 16: of the host.</summary>
public enum FrameKind : byte
{
    /// <summary>Settings and identity, JSON. The first message.</summary>
    Configure = 1,

    /// <summary>Answer to <see cref="OriginalQuestion"/>.</summary>
    OriginalAnswer = 2,

    /// <summary>A UDP datagram that came to the host: <see cref="Datagram"/>.</summary>
    DatagramReceived = 3,

    /// <summary>Bytes that the operator's decoy sent: <see cref="DecoyBytes"/>.</summary>
    DecoyReceived = 4,

    /// <summary>A connection to the decoy is over, or could not be made: <see cref="DecoyBytes"/> without bytes.</summary>
    DecoyEnded = 5,

    /// <summary>Keys of visitors that the host has: 32 bytes each.</summary>
    VisitorKeys = 6,

    /// <summary>Answer to <see cref="VisitorQuestion"/>, part by part: <see cref="Wire.FilePart"/> with the key in the place of the hash; of length 0: there is none.</summary>
    VisitorAnswer = 7,

    /// <summary>A piece of what a model says: <see cref="Improvisation.Wire.ImprovisationPart"/>.</summary>
    ImprovisationPart = 8,

    /// <summary>Listeners are served.</summary>
    Ready = 16,

    /// <summary>What did this flow ask for?</summary>
    OriginalQuestion = 17,

    /// <summary>One observation of a session, JSON.</summary>
    Observation = 18,

    /// <summary>Bytes that a peer saw on its terminal.</summary>
    Output = 19,

    /// <summary>Bytes that a peer typed on its terminal.</summary>
    Input = 20,

    /// <summary>A part of a file that a peer brought.</summary>
    FilePart = 21,

    /// <summary>Counters of the process, JSON.</summary>
    Counters = 22,

    /// <summary>Answer to <see cref="DatagramReceived"/>: <see cref="Datagram"/>.</summary>
    DatagramAnswer = 23,

    /// <summary>A connection to the operator's decoy is wanted: <see cref="DecoyBytes"/> without bytes.</summary>
    DecoyOpen = 24,

    /// <summary>Bytes for the decoy: <see cref="DecoyBytes"/>.</summary>
    DecoySend = 25,

    /// <summary>A connection to the decoy is no longer wanted: <see cref="DecoyBytes"/> without bytes.</summary>
    DecoyClose = 26,

    /// <summary>What a visitor left, part by part: <see cref="Wire.FilePart"/> with a key in the place of the hash.</summary>
    VisitorPart = 27,

    /// <summary>What is kept under a key? 32 bytes.</summary>
    VisitorQuestion = 28,

    /// <summary>What would this program print? <see cref="Improvisation.Wire.ImprovisationAsk"/>.</summary>
    ImprovisationAsk = 29,

    /// <summary>No more of an answer is wanted: <see cref="Improvisation.Wire.ImprovisationAsk"/> without a question.</summary>
    ImprovisationEnd = 30,
}
