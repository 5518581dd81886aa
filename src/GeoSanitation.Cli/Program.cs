using System.CommandLine;
using GeoSanitation.Cli;
using GeoSanitation.Cli.Commands;

var root = new RootCommand("GeoSanitation: sanitation issues and wards on PostGIS, hotspots, tiles and a map.")
{
    RunCommand.Create(),
    ServeCommand.Create(),
    MigrateCommand.Create(),
    DoctorCommand.Create(),
    KeyCommand.Create(),
    ImportCommand.Create(),
    HotspotsCommand.Create(),
    ExportCommand.Create(),
};
return await CommandLine.RunAsync(root, args);
