using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;

namespace Blackwall.Behavior;

/// <summary>Carries findings from the packet path to the board.</summary>
internal sealed class DetectionWorker(
    PublishQueue queue,
    DecisionPipeline pipeline,
    IDecisionSink decisions,
    IEnumerable<IEvidenceSink> journals,
    ILogger<DetectionWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await queue.RunAsync(decisions, [.. journals], OnRefused, exception => BehaviorLog.PublishFailed(logger, exception), stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end of the service.
        }
    }

    private void OnRefused(DecisionRequest request, string refusal)
    {
        pipeline.Exempt(request.Scope);
        BehaviorLog.Refused(logger, request.Verdict, request.Scope, request.Reason, refusal);
    }
}
