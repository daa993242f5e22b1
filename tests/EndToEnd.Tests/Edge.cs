using Blackwall.Lab;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Network;

namespace Blackwall.EndToEnd;

/// <summary>A lab with the appliance enforcing, shared by the tests of a class.</summary>
public class Edge : IAsyncLifetime
{
    private Stage? _stage;

    public Stage Stage => _stage!;

    public LabNetwork Network => Stage.Network;

    public ApplianceApi Api => Stage.Api;

    protected virtual ApplianceSettings Settings { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.BuildAsync(TestContext.Current.CancellationToken);
        await Stage.Appliance.StartAsync(Settings, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stage is not null)
        {
            await _stage.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
