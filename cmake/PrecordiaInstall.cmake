# SPDX-License-Identifier: GPL-3.0-or-later
include(GNUInstallDirs)
install(TARGETS precordia precordia-cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS precordia_engine precordia_leiden LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/precordia)
install(DIRECTORY resources/models resources/names DESTINATION ${CMAKE_INSTALL_DATADIR}/precordia)
