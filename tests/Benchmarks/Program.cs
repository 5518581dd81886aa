using BenchmarkDotNet.Running;
using GeoSanitation.Benchmarks;
using GeoSanitation.Benchmarks.Comparisons;

// compare import [rows] [rounds] and compare [NAME...]: side by side with another program; anything else is for BenchmarkDotNet.
if (args is ["compare", "import", ..])
{
    return await ImportComparison.RunAsync(args.Length > 2 ? int.Parse(args[2]) : 1_000_000, args.Length > 3 ? int.Parse(args[3]) : 3);
}
if (args is ["compare", ..])
{
    return await Comparison.RunAllAsync(args[1..]);
}
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
