using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Tests.Harness;
using Xunit;

namespace Blackwall.Kernel.Tests;

[Collection(KernelCollection.Name)]
public sealed class VerifierTests(KernelHarness kernel)
{
    private const uint Budget = 200_000;

    [Theory]
    [InlineData("ingress")]
    [InlineData("dpi_inspect")]
    [InlineData("dpi_http")]
    [InlineData("dpi_dns")]
    [InlineData("dpi_ssh")]
    [InlineData("dpi_hello")]
    [InlineData("dpi_quic")]
    public void A_program_stays_within_its_budget_of_verified_instructions(string name) =>
        Assert.InRange(BpfProgram.VerifiedInstructions(kernel.Programs.Program(name)), 100u, Budget);

    [Fact]
    public void The_egress_program_stays_within_its_budget_of_verified_instructions() =>
        Assert.InRange(BpfProgram.VerifiedInstructions(kernel.Programs.Egress), 100u, Budget);
}
