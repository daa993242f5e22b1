namespace Blackwall.Pipeline.Stages;

/// <summary>What the pipeline counted since the start.</summary>
/// <param name="Events">Packet events observed.</param>
/// <param name="Samples">Payload samples observed.</param>
/// <param name="Requested">Decisions that stages asked for.</param>
/// <param name="Published">Decisions that the board took.</param>
/// <param name="Refused">Decisions that the board refused.</param>
/// <param name="Dropped">Findings lost because the publisher was behind.</param>
/// <param name="FeedbackDropped">Lifted or refused decisions that could not be told to the stages.</param>
public sealed record PipelineStats(long Events, long Samples, long Requested, long Published, long Refused, long Dropped, long FeedbackDropped);
